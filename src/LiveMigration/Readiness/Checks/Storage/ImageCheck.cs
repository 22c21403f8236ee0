using LiveMigration.Errors;
using LiveMigration.Storage;
using LiveMigration.Units;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>A check of the images onto which disks are copied: the plan of the disks is refused for one of these reasons, or is not.</summary>
internal abstract class ImageCheck(string id, string title, params Fault[] reasons)
    : ReadinessCheck(id, title, CheckCategory.Storage, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    /// <summary>What is well with a disk that is copied.</summary>
    private protected abstract string Evidence(DiskMove move, string destination);

    /// <summary>Options with which it would go; null where nobody can name them for the user.</summary>
    private protected abstract string? Fix(ReadinessFacts facts, Fault reason);

    /// <summary>What else helps, as a sentence; empty where the options are all.</summary>
    private protected virtual string Words(ReadinessFacts facts, Fault reason) => "";

    /// <summary>Another name beside each image that is there; null where there is none: beside a device is no place for another one.</summary>
    private protected static string? Elsewhere(ReadinessFacts facts)
    {
        var there = facts.Fit.Disks.Value
            .Where(disk => disk is { DestinationVolume: not null, DestinationPath: not null, Disk.ReadOnly: false, GoesToDevice: false } && !DiskPlan.IsShared(facts, disk))
            .ToArray();
        return there.Length == 0 ? null : $"-DiskMap @{{ {string.Join("; ", there.Select(disk => $"{disk.Disk.Target} = {FixCommand.Literal(Beside(disk.DestinationPath!))}"))} }}";
    }

    /// <summary>How large the disk is for its guest.</summary>
    private protected static string Size(DiskMove move) => move.Capacity is { } capacity ? $"{new ByteSize(capacity)}" : "an unknown size";

    private static string Beside(string path) =>
        path[..^Path.GetExtension(path).Length] + "-2" + Path.GetExtension(path);

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline)
            return [Skip("Only the definition is moved.")];
        var (moves, refusal) = DiskPlan.Of(facts);
        if (refusal is not null)
        {
            if (!reasons.Contains(refusal.Fault))
                return [DiskPlan.Elsewhere(refusal)];
            var words = Words(facts, refusal.Fault);
            return [Fix(facts, refusal.Fault) is { } options
                ? Broken($"{refusal.Message}{words}", FixCommand.Start(facts, options))
                : Broken($"{refusal.Message}{(words.Length > 0 ? words : " Name another place for the disk with -DiskMap.")}")];
        }

        var copied = moves.Where(move => move.Transfer is not DiskTransfer.None).ToArray();
        return copied.Length == 0
            ? [Pass("No disk is copied.")]
            : copied.Select(move => Pass(Evidence(move, facts.Destination.Name), move.Target));
    }
}
