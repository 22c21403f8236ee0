using System.Collections.Concurrent;

namespace LiveMigration.Domains.DirtyPages;

/// <summary>The dirty rates that this process has measured: a migration that begins soon after is forecast from them without measuring again.</summary>
internal static class RecentDirtyRates
{
    /// <summary>A guest may do something else an hour later.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Of each domain, so many are kept.</summary>
    private const int Most = 32;

    /// <summary>Beyond so many domains, those of which nothing recent is known are removed.</summary>
    private const int MostDomains = 1000;

    private static readonly ConcurrentDictionary<Guid, DirtyRate[]> Measured = new();

    internal static DirtyRate Add(Guid domain, DirtyRate rate)
    {
        // Of a domain that is gone, nobody asks again.
        foreach (var old in Measured.Count > MostDomains ? Measured.Where(known => !Array.Exists(known.Value, one => IsRecent(one, rate.Time))) : [])
            Measured.TryRemove(old);
        if (rate is { Period: not null, Rate: not null })
            Measured.AddOrUpdate(domain, _ => [rate], (_, before) => [.. before.Where(one => IsRecent(one, rate.Time)).TakeLast(Most - 1), rate]);
        return rate;
    }

    /// <summary>Those that are not older than an hour.</summary>
    internal static IReadOnlyList<DirtyRate> Of(Guid domain, DateTimeOffset now) =>
        Measured.TryGetValue(domain, out var rates) ? Array.FindAll(rates, rate => IsRecent(rate, now)) : [];

    private static bool IsRecent(DirtyRate rate, DateTimeOffset now) => now - rate.Time < Lifetime;
}
