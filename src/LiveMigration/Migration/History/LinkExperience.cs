using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Migration.History;

/// <summary>What migrations between two hosts have shown of the link between them.</summary>
public static class LinkExperience
{
    /// <summary>So many migrations are looked at, the latest: links change.</summary>
    private const int Most = 10;

    private const int Days = 30;

    /// <summary>
    /// How fast migrations between these two hosts, in either direction, were sent at best: the median of the last 30 days. Null where none was
    /// sent without a limit for a second.
    /// </summary>
    /// <param name="records">Migrations, between any hosts.</param>
    /// <param name="source">A host's name.</param>
    /// <param name="destination">The other's.</param>
    /// <param name="now">What time it is.</param>
    public static MigrationLink? Between(IEnumerable<MigrationRecord> records, string source, string destination, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(records);
        long[] rates =
        [
            .. records.Where(record => record.StartTime > now.AddDays(-Days) && record.LinkRate > 0
                    && ((record.Source == source && record.Destination == destination) || (record.Source == destination && record.Destination == source)))
                .OrderByDescending(record => record.StartTime).Take(Most).Select(record => record.LinkRate!.Value).Order(),
        ];
        if (rates.Length == 0)
            return null;
        var (lower, upper) = (rates[(rates.Length - 1) / 2], rates[rates.Length / 2]);
        return new MigrationLink(
            Bandwidth.FromBytes(lower + ((upper - lower) / 2)),
            $"from {GuestExperience.Count(rates.Length)} in the last {Days} days");
    }
}
