namespace LiveMigration.Hypervisors;

/// <summary>The counters of a migration. Sizes are bytes, rates bytes per second; null is "not told".</summary>
internal sealed record MigrationStatistics
{
    /// <summary>From its begin, as the hypervisor measures it.</summary>
    internal TimeSpan? Elapsed { get; init; }

    /// <summary>As measured, when it is complete.</summary>
    internal TimeSpan? Downtime { get; init; }

    /// <summary>If the guest were paused now.</summary>
    internal TimeSpan? ExpectedDowntime { get; init; }

    /// <summary>Before the first byte was sent.</summary>
    internal TimeSpan? SetupTime { get; init; }

    /// <summary>Memory and disks together.</summary>
    internal long? Total { get; init; }

    /// <summary>Memory and disks together.</summary>
    internal long? Transferred { get; init; }

    /// <summary>Memory and disks together.</summary>
    internal long? Remaining { get; init; }

    internal long? MemoryTotal { get; init; }

    internal long? MemoryTransferred { get; init; }

    internal long? MemoryRemaining { get; init; }

    internal long? MemoryRate { get; init; }

    /// <summary>Pages of zeros found in all passes together.</summary>
    internal long? ZeroMemory { get; init; }

    /// <summary>How fast the guest changes memory.</summary>
    internal long? DirtyRate { get; init; }

    /// <summary>Passes over memory, as counted by the hypervisor: not always from 1.</summary>
    internal long? Iteration { get; init; }

    internal long? DiskTotal { get; init; }

    internal long? DiskTransferred { get; init; }

    /// <summary>By how much the guest is slowed down, in percent.</summary>
    internal int? Throttle { get; init; }

    /// <summary>Whether anything of the guest was sent.</summary>
    internal bool HasBegun => Transferred > 0 || Iteration > 0;
}
