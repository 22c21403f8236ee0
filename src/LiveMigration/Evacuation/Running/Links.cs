using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Running;

/// <summary>The links as they are used: divides them anew as migrations come, go and get ahead, and measures what they carry.</summary>
internal sealed class Links(EvacuationOptions options, IReadOnlyList<Journey> journeys)
{
    /// <summary>A share that changes by less is left as it is.</summary>
    private const double Alike = 0.1;

    private readonly Dictionary<string, double> _measured = [];

    /// <summary>The most that left each host at a time, in bytes per second.</summary>
    internal IReadOnlyDictionary<string, double> Measured => _measured;

    /// <summary>How fast one could go that had the link, in bytes per second.</summary>
    internal double Fastest(Journey journey) =>
        _measured.TryGetValue(journey.Move.Source, out var measured) ? Math.Min(measured, options.Bandwidth.BytesPerSecond) : options.Bandwidth.BytesPerSecond;

    /// <summary>The share of one that begins beside those under way.</summary>
    internal Bandwidth ShareOf(Journey beginning)
    {
        var own = new Stream(beginning.Uuid, beginning.Move.Source, beginning.Destination, beginning.BytesLeft, beginning.Move.Alone, !beginning.Move.Converges, null);
        Stream[] streams = [.. journeys.Where(journey => journey != beginning).Select(journey => journey.Stream).OfType<Stream>(), own];
        return Budget.Divide(streams, options.Bandwidth)[beginning.Uuid];
    }

    internal void Divide()
    {
        Measure();
        if (options.Bandwidth.IsUnlimited)
            return;
        var shares = Budget.Divide([.. journeys.Select(journey => journey.Stream).OfType<Stream>()], options.Bandwidth);
        foreach (var journey in journeys)
        {
            // Before it copies, a limit would be overwritten by the one that it was started with.
            if (shares.TryGetValue(journey.Uuid, out var share) && journey is { Order.IsCompleted: true, Run: { Progress.Phase: MigrationPhase.Copying } migration }
                && !IsLike(journey.Share, share))
            {
                journey.Share = share;
                journey.Order = LimitAsync(migration, share);
            }
        }
    }

    private static bool IsLike(Bandwidth? former, Bandwidth share) =>
        former is { } before && Math.Abs((double)before.BytesPerSecond - share.BytesPerSecond) <= Alike * before.BytesPerSecond;

    private static async Task LimitAsync(MigrationRun migration, Bandwidth share)
    {
        try
        {
            await migration.Domain.SetMigrationBandwidthAsync(share).ConfigureAwait(false);
        }
        catch (LiveMigrationException)
        {
            // It has just ended.
        }
    }

    private void Measure()
    {
        foreach (var host in journeys.Where(journey => journey.Run is not null).GroupBy(journey => journey.Move.Source))
        {
            var now = host.Sum(journey => journey.Run?.Progress.Rate?.BytesPerSecond ?? 0.0);
            if (now > 0)
                _measured[host.Key] = Math.Max(now, _measured.GetValueOrDefault(host.Key));
        }
    }
}
