namespace LiveMigration.Errors;

/// <summary>A row of the table of faults: a stable id, its category, and what to do about it.</summary>
/// <param name="Id">Stable id, for example <c>DomainNotFound</c>: PowerShell's ErrorId.</param>
/// <param name="Category">PowerShell's error category.</param>
/// <param name="RecommendedAction">What to do.</param>
public sealed record Fault(string Id, FaultCategory Category, string RecommendedAction)
{
    private static readonly HashSet<string> Permanent =
    [
        nameof(Faults.SameHost), nameof(Faults.DifferentHypervisor), nameof(Faults.CpuIncompatible), nameof(Faults.MachineTypeMissing), nameof(Faults.DeviceStateRejected),
        nameof(Faults.UnsafeStorage), nameof(Faults.UnsafeCache), nameof(Faults.ModeNotSurvivable),
        nameof(Faults.CopyLeftover), nameof(Faults.SecretMissing), nameof(Faults.HostInMaintenance),
    ];

    /// <summary>Whether the same migration would fail again: what the hosts cannot do, or what was asked for wrongly. Another destination may do.</summary>
    internal bool IsPermanent => Category is FaultCategory.NotImplemented or FaultCategory.InvalidArgument || Permanent.Contains(Id);

    /// <summary>Whether it would be the same to every destination: what is in the way is in the domain itself.</summary>
    internal bool IsEverywhere => Id is nameof(Faults.CopyLeftover);

    /// <summary>Its id, which is what a CSV file or a text has of it.</summary>
    public override string ToString() => Id;
}
