using System.Collections.Concurrent;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Forecasting;

namespace LiveMigration.Planning;

/// <summary>What this process has last found out for a forecast of a VM's migration: a migration that begins soon after need not ask again.</summary>
/// <param name="Terms">The terms.</param>
/// <param name="Link">The link, and where it is known from.</param>
/// <param name="Time">When.</param>
internal sealed record RecentForecastTerms(ForecastTerms Terms, MigrationLink Link, DateTimeOffset Time)
{
    private static readonly ConcurrentDictionary<(Guid Domain, string Destination), RecentForecastTerms> Known = new();

    internal static void Add(Guid domain, string destination, ForecastTerms terms, MigrationLink link)
    {
        var now = DateTimeOffset.Now;
        foreach (var old in Known.Where(known => now - known.Value.Time >= RecentDirtyRates.Lifetime))
            Known.TryRemove(old);
        Known[(domain, destination)] = new RecentForecastTerms(terms, link, now);
    }

    internal static RecentForecastTerms? Of(Guid domain, string? destination, DateTimeOffset now) =>
        destination is not null && Known.TryGetValue((domain, destination), out var terms) && now - terms.Time < RecentDirtyRates.Lifetime ? terms : null;
}
