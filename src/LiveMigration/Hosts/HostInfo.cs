using LiveMigration.Hosts.Maintenance;
using LiveMigration.Units;

namespace LiveMigration.Hosts;

/// <summary>What a host is and has, at one moment.</summary>
public sealed record HostInfo
{
    /// <summary>The name under which it was connected.</summary>
    public required string Name { get; init; }

    /// <summary>The connection's URI.</summary>
    public required HostUri Uri { get; init; }

    /// <summary>The same: wherever a host is named by <c>HostName</c>, it is by the name under which it was connected.</summary>
    public string HostName => Name;

    /// <summary>The machine's own name, as libvirt reports it.</summary>
    public required string MachineName { get; init; }

    /// <summary>The host's UUID: two hosts with the same UUID are the same to libvirt. Null where the driver reports none.</summary>
    public required Guid? Uuid { get; init; }

    /// <summary>The hypervisor driver, for example <c>QEMU</c>.</summary>
    public required string Hypervisor { get; init; }

    /// <summary>The hypervisor's version.</summary>
    public required Version HypervisorVersion { get; init; }

    /// <summary>The version of libvirt's daemon.</summary>
    public required Version LibvirtVersion { get; init; }

    /// <summary>The CPU architecture, for example <c>x86_64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The CPU model that libvirt sees, for example <c>EPYC</c>; null when it names none.</summary>
    public string? CpuModel { get; init; }

    /// <summary>Logical CPUs that are online.</summary>
    public required int Cpus { get; init; }

    /// <summary>Memory of the machine in bytes.</summary>
    public required long Memory { get; init; }

    /// <summary>Memory that is free, in bytes; null where the driver does not report it.</summary>
    public long? FreeMemory { get; init; }

    /// <summary>Running domains.</summary>
    public required int RunningDomains { get; init; }

    /// <summary>All domains, running or not.</summary>
    public required int Domains { get; init; }

    /// <summary>Its maintenance; null if it is in none, or that is not known.</summary>
    public HostMaintenance? Maintenance { get; init; }

    /// <summary>Whether the driver can migrate live.</summary>
    public required bool CanMigrateLive { get; init; }

    /// <summary>Whether the control connection cannot be intercepted: it is encrypted, or a local socket.</summary>
    public required bool IsSecure { get; init; }

    /// <summary>The name under which it was connected.</summary>
    public override string ToString() => Name;
}
