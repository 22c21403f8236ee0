namespace LiveMigration.Evacuation.Running;

/// <summary>What those under way take of each host: places, and its link.</summary>
internal sealed class Occupancy(EvacuationOptions options)
{
    /// <summary>From which part of a link on it is worth while to begin another migration.</summary>
    private const double Room = 0.25;

    private readonly Dictionary<string, int> _leaving = [];
    private readonly Dictionary<string, int> _arriving = [];
    private readonly Dictionary<string, double> _taken = [];

    /// <summary>Whether the limits of both its hosts allow one more.</summary>
    internal bool HasPlace(Journey journey) =>
        _leaving.GetValueOrDefault(journey.Move.Source) < Turnstile.AtOnce(options, options.MaxOutgoing)
        && _arriving.GetValueOrDefault(journey.Destination) < Turnstile.AtOnce(options, options.MaxIncoming);

    /// <summary>
    /// Whether it finds room on both links when it is ready to send. Who begins earlier sends a trickle until then, which is mostly memory
    /// that its guest changes again meanwhile.
    /// </summary>
    internal bool HasRoom(Journey journey) => options.Bandwidth.IsUnlimited
        || ((string[])[journey.Move.Source, journey.Destination]).All(host => _taken.GetValueOrDefault(host) <= (1 - Room) * options.Bandwidth.BytesPerSecond);

    internal void Add(Journey journey)
    {
        Increase(_leaving, journey.Move.Source);
        Increase(_arriving, journey.Destination);
        if (journey.Claim is not { } claim)
            return;
        var taken = Taken(claim);
        _taken[claim.Source] = _taken.GetValueOrDefault(claim.Source) + taken;
        _taken[claim.Destination] = _taken.GetValueOrDefault(claim.Destination) + taken;
    }

    /// <summary>Who is done by the time that another one is ready takes nothing. To begin late leaves the link empty, to begin early costs a trickle.</summary>
    private double Taken(Stream stream)
    {
        var rate = Math.Min(stream.Rate * Budget.Growth ?? stream.Fixed ?? double.MaxValue, options.Bandwidth.BytesPerSecond);
        return stream.BytesLeft <= rate * options.Overhead.Value.TotalSeconds ? 0 : rate;
    }

    private static void Increase(Dictionary<string, int> counts, string host) => counts[host] = counts.GetValueOrDefault(host) + 1;
}
