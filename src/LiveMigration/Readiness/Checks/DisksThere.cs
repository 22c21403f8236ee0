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
        return facts.TargetDevices("disk").Where(disk => disk.Element("readonly") is null && DiskPath.Of(disk) is not null).Select(disk =>
        {
            if (copied.Contains((string?)disk.Element("target")?.Attribute("dev") ?? ""))
                return Pass("The disk is copied.", (string?)disk.Element("target")?.Attribute("dev"));
            var (path, target) = (DiskPath.Of(disk)!, (string?)disk.Element("target")?.Attribute("dev"));
            return facts.Fit.Paths.Value.TryGetValue(path, out var there)
                ? there
                    ? Pass($"{facts.Destination.Name} has {path}.", target)
                    : Broken($"{facts.Destination.Name} has no {path}.", FixCommand.Start(facts, "-CopyStorage Full"), target)
                : Untold($"No active storage pool of {facts.Destination.Name} holds {path}.", target);
        });
    }
}
