using System.Net;
using System.Xml.Linq;
using LiveMigration.Security.Certificates;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.Gathering;

/// <summary>What the destination said of this VM.</summary>
internal sealed record FitSnapshot
{
    /// <summary>The definition as it would be there.</summary>
    internal required Fact<XElement> TargetXml { get; init; }

    /// <summary>What the destination can give to this machine.</summary>
    internal required Fact<MachineAnswer> Machine { get; init; }

    /// <summary>Why the guest's CPU cannot run there; null when it can.</summary>
    internal required Fact<string?> CpuRefusal { get; init; }

    /// <summary>Free huge pages there by size in KiB, one number for each NUMA cell.</summary>
    internal required Fact<IReadOnlyDictionary<uint, ulong[]>> HugePages { get; init; }

    /// <summary>What both hosts say of each disk.</summary>
    internal required Fact<IReadOnlyList<DiskFacts>> Disks { get; init; }

    /// <summary>Whether a pool there holds a path; only paths in active pools.</summary>
    internal required Fact<IReadOnlyDictionary<string, bool>> Paths { get; init; }

    /// <summary>Whether there are the other files and folders that the definition names; without those that nobody can tell about.</summary>
    internal required Fact<IReadOnlyDictionary<string, bool>> Files { get; init; }

    /// <summary>What the destination keeps of the VM from an earlier run there; null where it does not know the VM.</summary>
    internal required Fact<EarlierState?> Earlier { get; init; }

    /// <summary>NVRAM and TPM state, and what the destination has in their place.</summary>
    internal required Fact<DeviceStates> States { get; init; }

    /// <summary>The addresses that the source finds for the destination's host name; none where it cannot resolve it.</summary>
    internal required Fact<IReadOnlyList<IPAddress>> NameAddresses { get; init; }

    /// <summary>What became of a connection from here to the destination's daemon, as the source would make it.</summary>
    internal required Fact<TcpProbe> Daemon { get; init; }

    /// <summary>What became of connections from here to ports to which memory goes.</summary>
    internal required Fact<IReadOnlyList<TcpProbe>> MigrationPorts { get; init; }

    /// <summary>What became of connections from here to servers of disks.</summary>
    internal required Fact<IReadOnlyList<TcpProbe>> StorageServers { get; init; }

    /// <summary>What the destination's daemon shows to those who connect with TLS.</summary>
    internal required Fact<CertificateReport> Certificate { get; init; }
}

/// <summary>Domain capabilities, or why there are none for such a machine.</summary>
/// <param name="Capabilities">What the destination's QEMU gives to the machine.</param>
/// <param name="Refusal">Why it has no such machine.</param>
/// <param name="Emulator">Where its QEMU is, if not where the source has its.</param>
internal sealed record MachineAnswer(XElement? Capabilities, string? Refusal, string? Emulator = null);

/// <summary>What a host keeps of a VM that ran there once.</summary>
/// <param name="ManagedSave">Whether it has the VM's memory in a file, from which the VM would start.</param>
/// <param name="Snapshots">How many snapshots it lists.</param>
/// <param name="Checkpoints">The checkpoints that it lists.</param>
internal sealed record EarlierState(bool ManagedSave, int Snapshots, IReadOnlyList<string> Checkpoints);
