using LiveMigration.Units;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>What a plan over a group of hosts is to reach, and at what price.</summary>
public sealed record BalanceOptions
{
    /// <summary><see cref="EvacuationGoal.Balance"/>, <see cref="EvacuationGoal.Pack"/> or <see cref="EvacuationGoal.Spread"/>.</summary>
    public EvacuationGoal Goal { get; init; } = EvacuationGoal.Balance;

    /// <summary>The imbalance above which hosts are balanced, 0 to 0.5; with the default, 0.1, hosts that differ a little are left alone.</summary>
    public double Threshold { get; init; } = 0.1;

    /// <summary>
    /// How far below the threshold the imbalance is brought, as a share of it: 0.25 ends at three quarters. Without this distance the next small
    /// change would start the next plan.
    /// </summary>
    public double Hysteresis { get; init; } = 0.25;

    /// <summary>How much CPU counts in the imbalance; 0 is not at all.</summary>
    public double CpuWeight { get; init; } = 1;

    /// <summary>How much memory counts in the imbalance; 0 is not at all.</summary>
    public double MemoryWeight { get; init; } = 1;

    /// <summary>How many VMs may move; null is not limited.</summary>
    public int? MaxMoves { get; init; }

    /// <summary>How many of the hosts that packing leaves in use could fail, and the others would still have the memory and CPUs for their VMs.</summary>
    public int Keep { get; init; }

    /// <summary>How many virtual CPUs the VMs of a host may have together, as a multiple of its own; null is not limited.</summary>
    public double? CpuOvercommit { get; init; }

    /// <summary>How busy a host's CPUs may be after a VM has come to it, as a share of them: 0.8 leaves a fifth for peaks.</summary>
    public double MaxCpu { get; init; } = 0.8;

    /// <summary>
    /// How long the loads are taken to stay as they are. A move has to pay off in this time: what it evens out, in seconds of a whole host, must be
    /// more than the seconds that its migration takes.
    /// </summary>
    public Duration Payback { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether VMs may move that do not converge by themselves, because they are slowed down or switched to post-copy.</summary>
    public bool AllowNotConverging { get; init; }
}
