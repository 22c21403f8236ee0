using LiveMigration.Errors;
using LiveMigration.Storage;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>LM078: a disk stays where it is only on proof that the destination reaches the same bytes.</summary>
internal sealed class DisksShared()
    : ReadinessCheck("LM078", "Every writable disk is on shared storage, or copied", CheckCategory.Storage, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private static readonly Fault[] Reasons = [Faults.DiskNotShared, Faults.NoSuchDisk, Faults.SharedDiskInCopy, Faults.ReadOnlyDiskInCopy, Faults.SameImage];

    internal override Fault Fault => Faults.DiskNotShared;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline)
            return [Skip("Only the definition is moved.")];
        var (moves, refusal) = DiskPlan.Of(facts);
        if (refusal is not null)
            return [Reasons.Contains(refusal.Fault) ? Broken($"{refusal.Message}{LeftDisk.Words(facts, refusal.Disk)}", Fix(facts, refusal)) : DiskPlan.Elsewhere(refusal)];
        return moves
            .Where(move => facts.Fit.Disks.Value.First(disk => disk.Disk.Target == move.Target).Disk is { Source: not null } and not { ReadOnly: true, Removable: true })
            .Select(move => Pass(move.Transfer is DiskTransfer.None ? move.Evidence : $"{move.Amount} are copied to {move.Destination}.", move.Target));
    }

    /// <summary>A medium is ejected; another disk is copied where nothing but the options keeps it from that.</summary>
    private static string? Fix(ReadinessFacts facts, LiveMigrationException refusal)
    {
        if (refusal.Fault != Faults.DiskNotShared)
            return null;
        if (LeftDisk.Of(facts, refusal.Disk) is { Removable: true } drive)
            return FixCommand.Eject(facts, drive.Target);
        return facts.Demand.Storage.Copy is CopyStorage.None && !DiskPlan.Overwrites(facts) && DiskPlan.Of(facts, CopyStorage.Full).Refusal is null ? FixCommand.Start(facts, "-CopyStorage Full") : null;
    }
}
