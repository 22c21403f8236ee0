using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Readiness.Gathering;

/// <summary>What one host said, as far as the checks need it for a VM.</summary>
internal sealed record HostSnapshot
{
    internal required LibvirtHost Host { get; init; }

    internal string Name => Host.Name;

    internal required Fact<HostInfo> Info { get; init; }

    /// <summary>Its maintenance; null when it is in none.</summary>
    internal required Fact<HostMaintenance?> Maintenance { get; init; }

    /// <summary>The capabilities, of which the hosts' part is under <c>host</c> and the guests' under <c>guest</c>.</summary>
    internal required Fact<XElement> Capabilities { get; init; }

    /// <summary>Whether a peer that is gone is noticed on the control connection.</summary>
    internal required Fact<bool> KeepAlive { get; init; }

    /// <summary>Free memory and the caches that give way, in bytes.</summary>
    internal required Fact<long> MemoryAvailable { get; init; }

    internal required Fact<IReadOnlyList<LibvirtDomain>> Domains { get; init; }

    internal required Fact<IReadOnlyList<NetworkState>> Networks { get; init; }

    internal required Fact<IReadOnlyList<HostPool>> Pools { get; init; }

    /// <summary>Names of interfaces, bridges among them.</summary>
    internal required Fact<IReadOnlyList<string>> Interfaces { get; init; }

    internal required Fact<IReadOnlyList<HostLink>> Links { get; init; }

    internal required Fact<IReadOnlyList<string>> Filters { get; init; }

    internal required Fact<IReadOnlyList<SecretName>> Secrets { get; init; }

    /// <summary>Daemons of libvirt's drivers that do not run, for example <c>virtstoraged</c>.</summary>
    internal IReadOnlyList<string> MissingDrivers { get; init; } = [];

    /// <summary>How busy its CPUs were a moment ago, in percent.</summary>
    internal required Fact<double> CpuBusy { get; init; }

    /// <summary>QEMU's configuration for libvirt, by key, as far as it is set.</summary>
    internal required Fact<IReadOnlyDictionary<string, string>> QemuConfiguration { get; init; }

    /// <summary>Files in the folders where QEMU may have its certificates.</summary>
    internal required Fact<IReadOnlyList<string>> CertificateFiles { get; init; }

    /// <summary>How far its clock is ahead of ours.</summary>
    internal required Fact<TimeSpan> Clock { get; init; }

    /// <summary>What the machine says of its network and its TPM emulator.</summary>
    internal required Fact<MachineLook> Machine { get; init; }
}

/// <summary>A storage pool and its state.</summary>
internal sealed record HostPool(StoragePool Pool, bool Active, bool Autostart);
