namespace LiveMigration.Evacuation.Running;

/// <summary>How long the rest takes, from what is left and what was measured.</summary>
internal static class Outlook
{
    /// <param name="journeys">All.</param>
    /// <param name="options">The limits.</param>
    /// <param name="measured">What left each host in bytes per second so far; a host that is not in it was not measured.</param>
    internal static TimeSpan TimeLeft(IEnumerable<Journey> journeys, EvacuationOptions options, IReadOnlyDictionary<string, double> measured) =>
        journeys.Where(journey => !journey.IsOver).GroupBy(journey => journey.Move.Source)
            .Select(host => OfHost([.. host], options, measured.TryGetValue(host.Key, out var rate) ? rate : options.Bandwidth.BytesPerSecond))
            .DefaultIfEmpty().Max();

    /// <summary>The last host to be empty ends it all. What each migration takes beside sending passes while others send.</summary>
    private static TimeSpan OfHost(IReadOnlyList<Journey> left, EvacuationOptions options, double rate)
    {
        var sending = left.Sum(journey => journey.BytesLeft) / Math.Max(1, rate);
        var overhead = options.Overhead.Value * Math.Ceiling((double)left.Count(journey => journey.State is EvacuatedState.Waiting) / options.MaxOutgoing);
        return TimeSpan.FromSeconds(Math.Min(sending, TimeSpan.MaxValue.TotalSeconds / 4)) + overhead;
    }
}
