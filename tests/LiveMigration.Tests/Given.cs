using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests;

/// <summary>Hosts that nobody connects to and a domain on one of them: what a plan, a verdict or a report is made from.</summary>
internal static class Given
{
    public static readonly DomainStatus Running = new(DomainState.Running, 1);

    public static readonly DomainStatus ShutOff = new(DomainState.ShutOff, 1);

    public static LibvirtHost Host(string name, string? uri = null) =>
        new(name, HostUri.Parse(uri ?? $"qemu+ssh://root@{name}/system"), HostOptions.Default);

    public static LibvirtDomain Domain(DomainStatus? status = null, LibvirtHost? host = null) => new()
    {
        Name = "web",
        Uuid = new Guid("0b2c082c-00e0-42a2-8571-cbe340644239"),
        Host = host ?? Host("a"),
        Status = status ?? Running,
        VCpus = 2,
        Memory = ByteSize.Parse("2GiB"),
        MaxMemory = ByteSize.Parse("4GiB"),
        Persistent = true,
        Autostart = false,
        Migrating = false,
        Disks = [],
    };

    public static HostInfo Info(string name) => new()
    {
        Name = name,
        Uri = HostUri.FromName(name),
        MachineName = name,
        Uuid = new Guid(name[0], 0, 0, new byte[8]),
        Hypervisor = "QEMU",
        HypervisorVersion = new Version(7, 2, 22),
        LibvirtVersion = new Version(9, 0, 0),
        Architecture = "x86_64",
        Cpus = 2,
        Memory = ByteSize.Parse("24GiB"),
        RunningDomains = 1,
        Domains = 1,
        CanMigrateLive = true,
        IsSecure = true,
    };

    /// <summary>A running guest on a that could go to b.</summary>
    /// <summary>It runs as it is stored.</summary>
    private static DomainDefinitions Definitions(LibvirtDomain domain) =>
        new(Recorded.Text("domain-migratable.xml"), domain.Persistent ? Recorded.Text("domain-migratable.xml") : null);

    public static PlanFacts Facts(LibvirtDomain? domain = null) => new(
        domain ?? Domain(), Definitions(domain ?? Domain()), Info("a"), Info("b"), ByteSize.Parse("16GiB").Bytes, Namesakes: []);
}
