using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Storage;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM078: libvirt refuses to leave a disk behind.</summary>
internal sealed class DisksShared()
    : ReadinessCheck("LM078", "Every writable disk is on shared storage, or copied", CheckCategory.Storage, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private static readonly Fault[] Reasons = [Faults.NoSuchDisk, Faults.SharedDiskInCopy, Faults.ReadOnlyDiskInCopy, Faults.SameImage];

    internal override Fault Fault => Faults.UnsafeStorage;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline)
            return [Skip("Only the definition is moved.")];
        var (moves, refusal) = DiskPlan.Of(facts);
        if (refusal is not null)
            return [Reasons.Contains(refusal.Fault) ? Broken(refusal.Message) : DiskPlan.Elsewhere(refusal)];
        return facts.Fit.Disks.Value
            .Where(disk => disk.Disk is { ReadOnly: false, Source: not null } or { Type: "nvme" })
            .Select(disk => Judge(facts, disk, moves.First(move => move.Target == disk.Disk.Target)));
    }

    /// <summary>libvirt's own rule (qemuMigrationSrcIsSafe), as far as it can be followed from outside.</summary>
    private static Outcome Judge(ReadinessFacts facts, DiskFacts disk, DiskMove move)
    {
        if (move.Transfer is not DiskTransfer.None)
            return Pass($"{new Units.ByteSize(move.Bytes)} are copied to {move.Destination}.", move.Target);
        switch (disk.Disk.Type)
        {
            case "network":
                return Pass("The disk is accessed over the network.", move.Target);
            case "nvme":
                return Broken("The disk is a PCI device of the source.", subject: move.Target);
            case "block":
                return Pass("The disk is a block device, which libvirt assumes to be shared; LM080 checks that it exists on the destination.", move.Target);
        }

        if (disk.SourcePool?.Pool.Access is StorageAccess.Shared || disk.Disk.Access is StorageAccess.Shared
            || (move.Access is StorageAccess.Shared && facts.Demand.AllowUnsafe))
            return Pass(move.Evidence, move.Target);
        if (move.Access is StorageAccess.Shared)
            return Untold($"{move.Evidence} Whether libvirt recognizes that as shared storage is known only when the migration starts; -AllowUnsafe overrides its check.", move.Target);
        // Where the destination could see it and does not, it cannot be shared.
        var absent = facts.Fit.Paths is { IsHad: true, Value: var paths } && paths.TryGetValue(disk.Disk.Source ?? "", out var there) && !there;
        return absent
            ? Broken($"{disk.Disk.Source} does not exist on {facts.Destination.Name}, and it is not copied.", FixCommand.Start(facts, "-CopyStorage Full"), move.Target)
            : facts.Demand.AllowUnsafe
                ? Doubtful($"{move.Evidence} -AllowUnsafe turns libvirt's own check off.", subject: move.Target)
                : Untold($"{move.Evidence} libvirt checks when the migration starts.", move.Target);
    }
}
