using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Running;

/// <summary>What those under way take of hosts and links: places, and bandwidth.</summary>
internal sealed class Occupancy(LinkMap links, EvacuationOptions options)
{
    /// <summary>From which part of a link on it is worth while to begin another migration.</summary>
    private const double Room = 0.25;

    private readonly Dictionary<string, int> _leaving = [];
    private readonly Dictionary<string, int> _arriving = [];
    private readonly Dictionary<int, int> _passing = [];
    private readonly Dictionary<int, double> _taken = [];

    /// <summary>How many may pass a link at a time: no more than a narrow one can give a trickle while most of it is left for one.</summary>
    internal static int AtOnce(LinkMap links, int link) =>
        (int)Math.Clamp(links.BytesPerSecond(link) / (4 * Budget.Trickle), 1, links.MaxMigrations(link));

    /// <summary>Whether the limits of both its hosts and of the links between them allow one more.</summary>
    internal bool HasPlace(Journey journey) =>
        _leaving.GetValueOrDefault(journey.Move.Source) < links.MaxOutgoing(journey.Move.Source)
        && _arriving.GetValueOrDefault(journey.Destination) < links.MaxIncoming(journey.Destination)
        && Array.TrueForAll(Way(journey), link => _passing.GetValueOrDefault(link) < AtOnce(links, link));

    /// <summary>
    /// Whether it finds room on its way when it is ready to send. Who begins earlier sends a trickle until then, which is mostly memory
    /// that its guest changes again meanwhile.
    /// </summary>
    internal bool HasRoom(Journey journey) => Array.TrueForAll(Way(journey), link => _taken.GetValueOrDefault(link) <= (1 - Room) * links.BytesPerSecond(link));

    internal void Add(Journey journey)
    {
        var way = Way(journey);
        Increase(_leaving, journey.Move.Source, 1);
        Increase(_arriving, journey.Destination, 1);
        var taken = journey.Claim is { } claim && !links.IsUnlimited(way) ? Taken(claim, links.Narrowest(way)) : 0;
        foreach (var link in way)
        {
            Increase(_passing, link, 1);
            Increase(_taken, link, taken);
        }
    }

    private int[] Way(Journey journey) => links.Way(journey.Move.Domain, journey.Destination);

    /// <summary>Who is done by the time that another one is ready takes nothing. To begin late leaves the link empty, to begin early costs a trickle.</summary>
    private double Taken(Stream stream, double narrowest)
    {
        var rate = Math.Min(stream.Rate * Budget.Growth ?? stream.Fixed ?? double.MaxValue, narrowest);
        return stream.BytesLeft <= rate * options.Overhead.Value.TotalSeconds ? 0 : rate;
    }

    private static void Increase<TKey, TValue>(Dictionary<TKey, TValue> sums, TKey key, TValue by)
        where TKey : notnull
        where TValue : System.Numerics.INumber<TValue> => sums[key] = (sums.TryGetValue(key, out var sum) ? sum : TValue.Zero) + by;
}
