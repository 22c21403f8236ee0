using LiveMigration.Errors;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>What a migration would do with the VM's disks, or why it would refuse them.</summary>
internal static class DiskPlan
{
    internal static (IReadOnlyList<DiskMove> Moves, LiveMigrationException? Refusal) Of(ReadinessFacts facts) => Of(facts, facts.Demand.Storage.Copy);

    /// <summary>The same if another way to copy had been asked for.</summary>
    internal static (IReadOnlyList<DiskMove> Moves, LiveMigrationException? Refusal) Of(ReadinessFacts facts, CopyStorage? copy)
    {
        try
        {
            return (DiskPlanner.Plan(facts.Fit.Disks.Value, facts.Demand.Storage with { Copy = copy }, facts.Source.Name, facts.Destination.Name), null);
        }
        catch (LiveMigrationException refusal)
        {
            return ([], refusal);
        }
    }

    /// <summary>Whether a complete copy would overwrite an image that no earlier try of ours has left.</summary>
    internal static bool Overwrites(ReadinessFacts facts) => facts.Fit.Disks is { IsHad: true, Value: var disks }
        && disks.Any(disk => DiskPlanner.IsWritable(disk.Disk) && disk is { DestinationVolume: not null, Replaces: false, IsLeftover: false } && !IsShared(facts, disk));

    internal static bool IsShared(ReadinessFacts facts, DiskFacts disk) =>
        DiskEvidence.Judge(disk, facts.Demand.Storage, facts.Source.Name, facts.Destination.Name).IsShared;

    /// <summary>A plan is refused for one reason at a time: the check for that reason reports it.</summary>
    internal static Outcome Elsewhere(LiveMigrationException refusal) => Outcome.Skip($"The disks cannot be migrated for another reason ({refusal.Fault.Id}).");
}
