using System.Globalization;
using LiveMigration.Planning;
using LiveMigration.Storage;

namespace LiveMigration.Migration.Reservations;

/// <summary>What a migration takes of its destination.</summary>
/// <param name="Name">The domain.</param>
internal sealed record Reservation(string Name)
{
    /// <summary>Memory in bytes.</summary>
    internal long Memory { get; init; }

    /// <summary>Huge pages in bytes, by their size in KiB.</summary>
    internal IReadOnlyDictionary<uint, long> Pages { get; init; } = new Dictionary<uint, long>();

    /// <summary>Whether it has to be there; otherwise it is taken in any case.</summary>
    internal bool NeedsMemory { get; init; } = true;

    /// <summary>Space in bytes, by pool; by its path of a folder that no pool has yet.</summary>
    internal IReadOnlyDictionary<string, long> Space { get; init; } = new Dictionary<string, long>();

    /// <summary>Ports that were named; others libvirt chooses by itself, each once.</summary>
    internal IReadOnlyList<int> Ports { get; init; } = [];

    internal static Reservation Of(MigrationPlan plan) => new(plan.Domain.Name)
    {
        // Huge pages were set aside: they are not taken from what is free.
        Memory = plan.HugePages is null ? plan.Domain.MaxMemory ?? 0 : 0,
        Pages = plan.HugePages ?? new Dictionary<uint, long>(),
        NeedsMemory = plan.HugePages is null && !plan.Options.AllowMemoryOvercommit,
        Space = SpaceOf(plan),
        Ports = [.. Named(plan.Options)],
    };

    /// <summary>What the images alone take.</summary>
    internal static Reservation OfDisks(MigrationPlan plan) => new(plan.Domain.Name) { NeedsMemory = false, Space = SpaceOf(plan) };

    /// <summary>What lay in the place of an image makes room for it.</summary>
    private static Dictionary<string, long> SpaceOf(MigrationPlan plan) => ImageRules.Needs(plan.Disks, plan.Options.Storage)
        .GroupBy(one => one.Pool is { IsNew: true, Pool.TargetPath: { } folder } ? folder : one.Pool.Name)
        .ToDictionary(place => place.Key, place => place.Sum(one => Math.Max(0, one.Needed - one.Moves.Sum(move => move.Replaced?.Allocation ?? 0))));

    private static IEnumerable<int> Named(MigrationOptions options)
    {
        if (options.DisksPort is { } disks)
            yield return disks;
        // For example tcp://10.0.0.2:49152.
        if (options.MigrationUri?.LastIndexOf(':') is > 5 and var at
            && int.TryParse(options.MigrationUri.AsSpan(at + 1).TrimEnd('/'), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            yield return port;
        }
    }
}
