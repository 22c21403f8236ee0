using System.Collections.Immutable;
using LiveMigration.Errors;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Running;

/// <summary>
/// The links as they are used: divides them again as migrations come, go and get ahead, and measures what they carry. The conductor
/// divides; each migration asks for its first share and for what was measured, from wherever it is prepared.
/// </summary>
internal sealed class Links(LinkMap map, IReadOnlyList<Journey> journeys)
{
    /// <summary>A share that changes by less is left as it is.</summary>
    private const double Alike = 0.1;

    /// <summary>How often they are divided.</summary>
    internal static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private ImmutableDictionary<(string Source, double Narrowest), double> _measured = ImmutableDictionary<(string, double), double>.Empty;

    /// <summary>The most that left each host at a time, in bytes per second, by how narrow the ways were.</summary>
    internal IReadOnlyDictionary<(string Source, double Narrowest), double> Measured => _measured;

    /// <summary>Which way each goes.</summary>
    internal LinkMap Map => map;

    /// <summary>How fast one could go that had the link, in bytes per second.</summary>
    internal double Fastest(Journey journey) => _measured.TryGetValue(Class(journey), out var measured) ? Math.Min(measured, Class(journey).Narrowest) : Class(journey).Narrowest;

    /// <summary>How the memory of one is compressed, unless somebody said how.</summary>
    internal MigrationCompression Compression(Journey journey) => map.IsNarrow(Way(journey)) ? MigrationCompression.Xbzrle : MigrationCompression.None;

    /// <summary>Gives one that begins its share beside those under way. Copied disks keep theirs to the end where the source's libvirt does not change it: an even part.</summary>
    /// <returns>Its share; null where nothing on its way has a limit.</returns>
    internal async Task<Bandwidth?> BeginAsync(Journey beginning, LibvirtHost source)
    {
        if (map.IsUnlimited(Way(beginning)))
            return null;
        var even = await FixAsync(beginning, source).ConfigureAwait(false);
        lock (_gate)
        {
            var beginners = journeys.Where(journey => journey != beginning && journey is { State: EvacuatedState.Migrating, Run: null, Share: not null });
            Stream[] streams = [.. journeys.Select(journey => journey.Stream).OfType<Stream>(), .. beginners.Select(journey => journey.ToBe(null)), beginning.ToBe(even)];
            var share = Budget.Divide(streams, map)[beginning.Uuid];
            beginning.Share = share;
            return share;
        }
    }

    /// <summary>
    /// Takes in one that was begun by a process which is no more. What its limit is nobody tells, so it is set at once; where that cannot
    /// be, it has the part that it was started with.
    /// </summary>
    internal async Task TakeInAsync(Journey found, LibvirtHost source)
    {
        if (!map.IsUnlimited(Way(found)) && await FixAsync(found, source).ConfigureAwait(false) is { } even)
            found.Share = Bandwidth.FromBytes((long)even);
    }

    internal void Divide()
    {
        Measure();
        lock (_gate)
        {
            var shares = Budget.Divide([.. journeys.Select(journey => journey.Stream).OfType<Stream>()], map);
            foreach (var journey in journeys)
            {
                // Before it copies, a limit would be overwritten by the one that it was started with.
                if (shares.TryGetValue(journey.Uuid, out var share) && !share.IsUnlimited && journey is { IsShareFixed: false, Order.IsCompleted: true, Run: { Progress.Phase: MigrationPhase.Copying } migration }
                    && !IsLike(journey.Share, share))
                {
                    journey.Share = share;
                    journey.Order = LimitAsync(migration, share);
                }
            }
        }
    }

    /// <summary>The even part of one whose limit cannot be changed; null of any other.</summary>
    private async Task<double?> FixAsync(Journey journey, LibvirtHost source)
    {
        journey.IsShareFixed = journey.Move.Domain.Disks > 0 && !await source.CanLimitDisksAsync().ConfigureAwait(false);
        return journey.IsShareFixed ? Way(journey).Min(link => map.BytesPerSecond(link) / AtOnce(link)) : null;
    }

    /// <summary>How many may come to pass a link at a time, of those that have not arrived.</summary>
    private int AtOnce(int link)
    {
        Journey[] passing = [.. journeys.Where(journey => !journey.IsOver && Way(journey).Contains(link))];
        var leaving = passing.GroupBy(journey => journey.Move.Source).Sum(host => Math.Min(host.Count(), map.MaxOutgoing(host.Key)));
        var arriving = passing.GroupBy(journey => journey.Destination).Sum(host => Math.Min(host.Count(), map.MaxIncoming(host.Key)));
        return Math.Max(1, Math.Min(Occupancy.AtOnce(map, link), Math.Min(leaving, arriving)));
    }

    private (string Source, double Narrowest) Class(Journey journey) => (journey.Move.Source, map.Narrowest(Way(journey)));

    private int[] Way(Journey journey) => map.Way(journey.Move.Domain, journey.Destination);

    private static bool IsLike(Bandwidth? former, Bandwidth share) =>
        former is { } before && Math.Abs((double)before.BytesPerSecond - share.BytesPerSecond) <= Alike * before.BytesPerSecond;

    private static async Task LimitAsync(MigrationRun migration, Bandwidth share)
    {
        try
        {
            await migration.SetBandwidthAsync(share).ConfigureAwait(false);
        }
        catch (LiveMigrationException)
        {
            // It has just ended.
        }
    }

    private void Measure()
    {
        foreach (var host in journeys.Where(journey => journey.Run is not null).GroupBy(Class))
        {
            var now = host.Sum(journey => journey.Run?.Progress.Rate ?? 0.0);
            if (now > 0)
                _measured = _measured.SetItem(host.Key, Math.Max(now, _measured.GetValueOrDefault(host.Key)));
        }
    }
}
