using LiveMigration.Domains;
using LiveMigration.Errors;

namespace LiveMigration.Storage;

/// <summary>Which images on the source may be renamed or removed: those of which it is known that this host alone has them.</summary>
internal static class SourceImageRules
{
    internal static void Check(DiskFacts facts, DiskMove move, string source)
    {
        if (move.SourceDisk is SourceDisk.Keep || Objection(facts, source) is not { } objection)
            return;
        throw new LiveMigrationException(
            Faults.SourceImageNotLocal, $"-SourceDisk {move.SourceDisk}: {move.Source} cannot be {(move.SourceDisk is SourceDisk.Remove ? "removed" : "renamed")} after the migration: {objection}.", source);
    }

    private static string? Objection(DiskFacts facts, string source) => facts switch
    {
        { SourceVolume: null } or { SourcePool: null or { IsMomentary: true } } => $"no active pool on {source} contains it",
        { SourcePool.HoldsFiles: false } => $"pool '{facts.SourcePool.Name}' holds no files",
        { SourcePool.Pool.Access: StorageAccess.Shared } => $"pool '{facts.SourcePool.Name}' is of type {facts.SourcePool.Pool.Type}, which other hosts can access",
        { MarkerSeen: not false } => "other hosts may have access to its folder",
        _ => null,
    };
}
