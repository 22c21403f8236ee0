using LiveMigration.Errors;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Storage;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM080: looked up in the destination's storage pools, which are looked at again when they do not know it.</summary>
internal sealed class DisksThere()
    : ReadinessCheck("LM080", "The VM's disks exist on the destination", CheckCategory.Storage, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.DiskNotAccessible;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var copied = facts.Demand.Offline
            ? []
            : DiskPlan.Of(facts).Moves.Where(move => move.Transfer is not DiskTransfer.None).Select(move => move.Target).ToHashSet();
        return facts.TargetDevices("disk").Where(disk => disk.Element("readonly") is null && DiskPath.Of(disk) is not null).SelectMany(disk =>
        {
            var target = (string?)disk.Element("target")?.Attribute("dev");
            return copied.Contains(target ?? "") ? [Pass("The disk is copied.", target)] : DiskPath.Layers(disk).Select(path => Judge(facts, path, target));
        });
    }

    /// <summary>In a pool, or in a folder that was looked at without one.</summary>
    private static Outcome Judge(ReadinessFacts facts, string path, string? target) => facts.Fit.Disks.IsHad
        && facts.Fit.Disks.Value.SelectMany(disk => disk.Below.Prepend(disk)).Any(disk => disk.DestinationPath == path && disk.DestinationVolume is not null)
        ? Pass($"{facts.Destination.Name} has {path}.", target)
        : !facts.Fit.Paths.Value.TryGetValue(path, out var there)
        ? Untold($"No active storage pool of {facts.Destination.Name} holds {path}.", target)
        : there
            ? Pass($"{facts.Destination.Name} has {path}.", target)
            : Broken($"{facts.Destination.Name} has no {path}.", FixCommand.Start(facts, "-CopyStorage Full"), target);
}
