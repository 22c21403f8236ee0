using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Running;

/// <summary>
/// Divides the links' bandwidth among the migrations that send. Whoever is about to finish gets the link: to send one after the other
/// at full rate sends the least, for a guest's memory is sent again the longer it takes, and makes the pause at the end the shortest.
/// The others keep a trickle, prepared to take over at once; what the first does not use is the next one's. Whose limit cannot be
/// changed keeps it.
/// </summary>
internal static class Budget
{
    /// <summary>libvirt's least limit, and enough for a migration not to seem dead.</summary>
    internal const double Trickle = 1024 * 1024;

    /// <summary>So many times of what it sends are kept for it: it may come to send more.</summary>
    internal const double Growth = 1.25;

    /// <param name="streams">Those that send.</param>
    /// <param name="links">The links on their ways.</param>
    /// <returns>The limit of each.</returns>
    internal static IReadOnlyDictionary<Guid, Bandwidth> Divide(IReadOnlyCollection<Stream> streams, LinkMap links)
    {
        var ways = streams.ToDictionary(stream => stream.Domain.Uuid, stream => links.Way(stream.Domain, stream.Destination));
        var left = ways.Values.SelectMany(way => way).GroupBy(link => link).ToDictionary(link => link.Key, link => links.BytesPerSecond(link.Key) - Trickle * link.Count());
        var shares = new Dictionary<Guid, Bandwidth>();
        foreach (var stream in streams.OrderBy(stream => stream.Fixed is null).ThenBy(stream => stream.Last).ThenByDescending(stream => stream.First).ThenBy(stream => stream.BytesLeft).ThenBy(stream => stream.Domain.Uuid))
        {
            var way = ways[stream.Domain.Uuid];
            if (links.IsUnlimited(way))
            {
                shares.Add(stream.Domain.Uuid, Bandwidth.Unlimited);
                continue;
            }

            var more = Math.Max(0, stream.Fixed - Trickle ?? way.Min(link => left[link]));
            shares.Add(stream.Domain.Uuid, Whole(Trickle + more));
            var used = Math.Min(more, Math.Max(0, stream.Rate * Growth - Trickle ?? more));
            foreach (var link in way)
                left[link] -= used;
        }

        return shares;
    }

    /// <summary>libvirt counts in MiB/s, and what would be rounded again each time would be set again each time.</summary>
    private static Bandwidth Whole(double bytesPerSecond) => Bandwidth.FromMebibytes((long)Bandwidth.FromBytes((long)bytesPerSecond).MebibytesPerSecond);
}
