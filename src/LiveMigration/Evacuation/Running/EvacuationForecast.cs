using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Running;

/// <summary>How long the rest takes, from what is left and what was measured.</summary>
internal static class EvacuationForecast
{
    /// <param name="moves">All.</param>
    /// <param name="links">The links on their ways.</param>
    /// <param name="options">The limits.</param>
    /// <param name="measured">What left each host over ways so narrow, in bytes per second, so far; what is not in it was not measured.</param>
    internal static TimeSpan TimeLeft(IEnumerable<MoveState> moves, LinkMap links, EvacuationOptions options, IReadOnlyDictionary<(string Source, double Narrowest), double> measured)
    {
        MoveState[] left = [.. moves.Where(move => !move.IsOver)];
        var hosts = left.GroupBy(move => (Source: move.Planned.Source, Narrowest: links.Narrowest(links.Way(move.Planned.Domain, move.Destination))))
            .Select(host => OfHost([.. host], measured.TryGetValue(host.Key, out var rate) ? rate : host.Key.Narrowest, links.MaxOutgoing(host.Key.Source), options));
        var ways = left.SelectMany(move => links.Way(move.Planned.Domain, move.Destination), (move, link) => (move.BytesLeft, link))
            .GroupBy(passing => passing.link).Select(passing => Sending(passing.Sum(one => one.BytesLeft), links.BytesPerSecond(passing.Key)));
        return hosts.Concat(ways).DefaultIfEmpty().Max();
    }

    /// <summary>The last host to be empty ends it all. What each migration takes beside sending passes while others send.</summary>
    private static TimeSpan OfHost(IReadOnlyList<MoveState> left, double rate, int atOnce, EvacuationOptions options) =>
        Sending(left.Sum(move => move.BytesLeft), rate)
        + options.Overhead.Value * Math.Ceiling((double)left.Count(move => move.State is EvacuatedState.Waiting) / atOnce);

    private static TimeSpan Sending(double bytes, double rate) => TimeSpan.FromSeconds(Math.Min(bytes / Math.Max(1, rate), TimeSpan.MaxValue.TotalSeconds / 4));
}
