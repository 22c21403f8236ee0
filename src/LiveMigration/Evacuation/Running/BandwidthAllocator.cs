using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Running;

/// <summary>
/// Divides the links' bandwidth among the migrations that send. Whoever is about to finish gets the link: to send one after the other
/// at full rate sends the least, for a guest's memory is sent again the longer it takes, and makes the pause at the end the shortest.
/// The others keep a trickle, prepared to take over at once; what the first does not use is the next one's. Whose limit cannot be
/// changed keeps it.
/// </summary>
internal static class BandwidthAllocator
{
    /// <summary>libvirt's least limit, and enough for a migration not to seem dead.</summary>
    internal const double Trickle = 1024 * 1024;

    /// <summary>So many times of what it sends are kept for it: it may come to send more.</summary>
    internal const double Growth = 1.25;

    /// <param name="demands">Those that send.</param>
    /// <param name="links">The links on their ways.</param>
    /// <returns>The limit of each.</returns>
    internal static IReadOnlyDictionary<Guid, Bandwidth> Divide(IReadOnlyCollection<BandwidthDemand> demands, LinkMap links)
    {
        var ways = demands.ToDictionary(demand => demand.Domain.Uuid, demand => links.Way(demand.Domain, demand.Destination));
        var left = ways.Values.SelectMany(way => way).GroupBy(link => link).ToDictionary(link => link.Key, link => links.BytesPerSecond(link.Key) - Trickle * link.Count());
        var shares = new Dictionary<Guid, Bandwidth>();
        foreach (var demand in demands.OrderBy(demand => demand.Fixed is null).ThenBy(demand => demand.Last).ThenByDescending(demand => demand.First).ThenBy(demand => demand.BytesLeft).ThenBy(demand => demand.Domain.Uuid))
        {
            var way = ways[demand.Domain.Uuid];
            if (links.IsUnlimited(way))
            {
                shares.Add(demand.Domain.Uuid, Bandwidth.Unlimited);
                continue;
            }

            var more = Math.Max(0, demand.Fixed - Trickle ?? way.Min(link => left[link]));
            shares.Add(demand.Domain.Uuid, Whole(Trickle + more));
            var used = Math.Min(more, Math.Max(0, demand.Rate * Growth - Trickle ?? more));
            foreach (var link in way)
                left[link] -= used;
        }

        return shares;
    }

    /// <summary>libvirt counts in MiB/s, and what would be rounded again each time would be set again each time.</summary>
    private static Bandwidth Whole(double bytesPerSecond) => Bandwidth.FromMebibytes((long)Bandwidth.FromBytes((long)bytesPerSecond).MebibytesPerSecond);
}
