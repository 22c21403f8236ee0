using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM078: libvirt refuses to leave a disk behind.</summary>
internal sealed class DisksShared()
    : ReadinessCheck("LM078", "Every disk that the VM writes is on storage that both hosts share", CheckCategory.Storage, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) =>
        facts.Demand.Offline
            ? [Skip("Only the definition moves.")]
            : facts.Devices("disk").Where(disk => disk.Element("source") is not null && disk.Element("readonly") is null).Select(disk => Judge(facts, disk));

    /// <summary>libvirt's own rule (qemuMigrationSrcIsSafe), as far as it can be followed from outside.</summary>
    private static Outcome Judge(ReadinessFacts facts, XElement disk)
    {
        var target = (string?)disk.Element("target")?.Attribute("dev");
        switch ((string?)disk.Attribute("type"))
        {
            case "network":
                return Pass("It is read over the network.", target);
            case "nvme":
                return Broken("It is a PCI device of the source.", subject: target);
            case "block":
                return Pass("It is a block device, which libvirt takes for shared; whether it is there, LM080 tells.", target);
        }

        var path = DiskPath.Of(disk);
        var pool = path is null ? null : facts.Source.Pools.Value.Where(one => one.Pool.Holds(path)).MaxBy(one => one.Pool.TargetPath!.Length);
        if (pool?.Pool.Access is StorageAccess.Shared)
            return Pass($"Pool '{pool.Pool.Name}' is of type {pool.Pool.Type}, which is on the network.", target);
        if (facts.Demand.AllowUnsafe)
            return Doubtful($"Nothing says that {path} is shared, and -AllowUnsafe switches libvirt's own look at it off.", subject: target);
        // Where the destination could see it and does not, it cannot be shared.
        return path is not null && facts.Fit.Paths is { IsHad: true, Value: var paths } && paths.TryGetValue(path, out var there) && !there
            ? Broken($"{path} is on {facts.Source.Name} alone: {facts.Destination.Name} looks there and sees nothing.", subject: target)
            : Untold($"{(pool is null ? "No pool" : $"Pool '{pool.Pool.Name}' (type {pool.Pool.Type})")} tells whether {path} is on a file system that both hosts mount: libvirt looks when it starts.", target);
    }
}
