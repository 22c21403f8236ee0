using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Storage;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Storage;

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
        return facts.TargetDevices("disk").SelectMany(disk =>
        {
            var target = (string?)disk.Element("target")?.Attribute("dev");
            if (copied.Contains(target ?? ""))
                return [Pass("The disk is copied.", target)];
            // LM086 looks for what is in a drive.
            var layers = disk.Element("readonly") is null && !DiskReader.IsDispensable(disk) ? DiskPath.Layers(disk) : DiskPath.Layers(disk).Where(path => path != DiskPath.Of(disk));
            return layers.Select(path => Judge(facts, path, target));
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
            : Broken($"{facts.Destination.Name} has no {path}.{LeftDisk.Words(facts, target)}", LeftDisk.Fix(facts, target), target);
}
