using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Running;

/// <summary>What those under way take of hosts and links: places, and bandwidth.</summary>
internal sealed class SlotUsage(LinkMap links, EvacuationOptions options)
{
    /// <summary>From which part of a link on it is worth while to begin another migration.</summary>
    private const double Room = 0.25;

    private readonly Dictionary<string, int> _leaving = [];
    private readonly Dictionary<string, int> _arriving = [];
    private readonly Dictionary<int, int> _passing = [];
    private readonly Dictionary<int, double> _taken = [];

    /// <summary>How many may pass a link at a time: no more than a narrow one can give a trickle while most of it is left for one.</summary>
    internal static int AtOnce(LinkMap links, int link) =>
        (int)Math.Clamp(links.BytesPerSecond(link) / (4 * BandwidthAllocator.Trickle), 1, links.MaxMigrations(link));

    /// <summary>Whether the limits of both its hosts and of the links between them allow one more.</summary>
    internal bool HasPlace(MoveState move) =>
        _leaving.GetValueOrDefault(move.Planned.Source) < links.MaxOutgoing(move.Planned.Source)
        && _arriving.GetValueOrDefault(move.Destination) < links.MaxIncoming(move.Destination)
        && Array.TrueForAll(Way(move), link => _passing.GetValueOrDefault(link) < AtOnce(links, link));

    /// <summary>
    /// Whether it finds room on its way when it is ready to send. Who begins earlier sends a trickle until then, which is mostly memory
    /// that its guest changes again meanwhile.
    /// </summary>
    internal bool HasRoom(MoveState move) => Array.TrueForAll(Way(move), link => _taken.GetValueOrDefault(link) <= (1 - Room) * links.BytesPerSecond(link));

    internal void Add(MoveState move)
    {
        var way = Way(move);
        Increase(_leaving, move.Planned.Source, 1);
        Increase(_arriving, move.Destination, 1);
        var taken = move.Claim is { } claim && !links.IsUnlimited(way) ? Taken(claim, links.Narrowest(way)) : 0;
        foreach (var link in way)
        {
            Increase(_passing, link, 1);
            Increase(_taken, link, taken);
        }
    }

    private int[] Way(MoveState move) => links.Way(move.Planned.Domain, move.Destination);

    /// <summary>Who is done by the time that another one is ready takes nothing. To begin late leaves the link empty, to begin early costs a trickle.</summary>
    private double Taken(BandwidthDemand demand, double narrowest)
    {
        var rate = Math.Min(demand.Rate * BandwidthAllocator.Growth ?? demand.Fixed ?? double.MaxValue, narrowest);
        return demand.BytesLeft <= rate * options.Overhead.Value.TotalSeconds ? 0 : rate;
    }

    private static void Increase<TKey, TValue>(Dictionary<TKey, TValue> sums, TKey key, TValue by)
        where TKey : notnull
        where TValue : System.Numerics.INumber<TValue> => sums[key] = (sums.TryGetValue(key, out var sum) ? sum : TValue.Zero) + by;
}
