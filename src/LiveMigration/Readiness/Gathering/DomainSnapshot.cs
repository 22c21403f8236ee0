using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Interop.Qmp;
using LiveMigration.Units;

namespace LiveMigration.Readiness.Gathering;

/// <summary>What the source said of the VM.</summary>
internal sealed record DomainSnapshot
{
    internal required Fact<LibvirtDomain> State { get; init; }

    /// <summary>The definition that would travel.</summary>
    internal required Fact<XElement> Xml { get; init; }

    /// <summary>The definition with what only a running domain has.</summary>
    internal required Fact<XElement> LiveXml { get; init; }

    /// <summary>The definition with which it would start the next time; null when it has none.</summary>
    internal required Fact<XElement?> InactiveXml { get; init; }

    internal required Fact<JobStatistics> Job { get; init; }

    /// <summary>The last job that ended, as long as the daemon remembers it; asked of a paused VM only.</summary>
    internal required Fact<JobStatistics> LastJob { get; init; }

    /// <summary>How long its virtual CPUs have run on this host; asked of a paused VM only.</summary>
    internal required Fact<TimeSpan?> RunTime { get; init; }

    /// <summary>Disks with a block job, and the disks that could not be asked about.</summary>
    internal required Fact<IReadOnlyList<string>> BlockJobs { get; init; }

    internal required Fact<int> Snapshots { get; init; }

    internal required Fact<IReadOnlyList<string>> Checkpoints { get; init; }

    internal required Fact<bool> ManagedSave { get; init; }

    internal required Fact<IReadOnlyList<string>> Taints { get; init; }

    /// <summary>How fast the guest wrote to its memory when that was measured last; null when it never was.</summary>
    internal required Fact<Bandwidth?> DirtyRate { get; init; }

    internal required Fact<MonitorAnswers> Monitor { get; init; }
}

/// <summary>What the VM's own QEMU said.</summary>
internal sealed record MonitorAnswers(Version Version, IReadOnlyList<string> BlockedReasons, IReadOnlyList<string> Capabilities)
{
    /// <summary>What copies of disks left in it; asked of a VM with disks only.</summary>
    internal IReadOnlyList<CopyLeftover> Leftovers { get; init; } = [];
}
