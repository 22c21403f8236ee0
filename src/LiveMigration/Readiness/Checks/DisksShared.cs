using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Storage;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM078: libvirt refuses to leave a disk behind.</summary>
internal sealed class DisksShared()
    : ReadinessCheck("LM078", "Every disk that the VM writes is shared by both hosts, or copied", CheckCategory.Storage, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private static readonly Fault[] Reasons = [Faults.NoSuchDisk, Faults.SharedDiskInCopy, Faults.ReadOnlyDiskInCopy, Faults.SameImage];

    internal override Fault Fault => Faults.UnsafeStorage;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline)
            return [Skip("Only the definition moves.")];
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
                return Pass("It is read over the network.", move.Target);
            case "nvme":
                return Broken("It is a PCI device of the source.", subject: move.Target);
            case "block":
                return Pass("It is a block device, which libvirt takes for shared; whether it is there, LM080 tells.", move.Target);
        }

        if (disk.SourcePool?.Pool.Access is StorageAccess.Shared || disk.Disk.Access is StorageAccess.Shared
            || (move.Access is StorageAccess.Shared && facts.Demand.AllowUnsafe))
            return Pass(move.Evidence, move.Target);
        if (move.Access is StorageAccess.Shared)
            return Untold($"{move.Evidence} Whether libvirt takes that for shared storage, it tells when it starts; -AllowUnsafe overrules it.", move.Target);
        // Where the destination could see it and does not, it cannot be shared.
        var absent = facts.Fit.Paths is { IsHad: true, Value: var paths } && paths.TryGetValue(disk.Disk.Source ?? "", out var there) && !there;
        return absent
            ? Broken($"{facts.Destination.Name} looks for {disk.Disk.Source} and sees nothing, and it is not copied.", FixCommand.Start(facts, "-CopyStorage Full"), move.Target)
            : facts.Demand.AllowUnsafe
                ? Doubtful($"{move.Evidence} -AllowUnsafe switches libvirt's own look at it off.", subject: move.Target)
                : Untold($"{move.Evidence} libvirt looks when it starts.", move.Target);
    }
}
