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
/// The links as they are used: divides them again as migrations come, go and get ahead, and measures what they carry. The executor
/// divides; each migration asks for its first share and for what was measured, from wherever it is prepared.
/// </summary>
internal sealed class LinkMonitor(LinkMap map, IReadOnlyList<MoveState> moves)
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
    internal double Fastest(MoveState move) => _measured.TryGetValue(Class(move), out var measured) ? Math.Min(measured, Class(move).Narrowest) : Class(move).Narrowest;

    /// <summary>How the memory of one is compressed, unless somebody said how.</summary>
    internal MigrationCompression Compression(MoveState move) => map.IsNarrow(Way(move)) ? MigrationCompression.Xbzrle : MigrationCompression.None;

    /// <summary>Gives one that begins its share beside those under way. Copied disks keep theirs to the end where the source's libvirt does not change it: an even part.</summary>
    /// <returns>Its share; null where nothing on its way has a limit.</returns>
    internal async Task<Bandwidth?> BeginAsync(MoveState beginning, LibvirtHost source)
    {
        if (map.IsUnlimited(Way(beginning)))
            return null;
        var even = await FixAsync(beginning, source).ConfigureAwait(false);
        lock (_gate)
        {
            var beginners = moves.Where(move => move != beginning && move is { State: EvacuatedState.Migrating, Run: null, Share: not null });
            BandwidthDemand[] demands = [.. moves.Select(move => move.Demand).OfType<BandwidthDemand>(), .. beginners.Select(move => move.ToBe(null)), beginning.ToBe(even)];
            var share = BandwidthAllocator.Divide(demands, map)[beginning.Uuid];
            beginning.Share = share;
            return share;
        }
    }

    /// <summary>
    /// Takes in one that was begun by a process which is no more. What its limit is nobody tells, so it is set at once; where that cannot
    /// be, it has the part that it was started with.
    /// </summary>
    internal async Task TakeInAsync(MoveState found, LibvirtHost source)
    {
        if (!map.IsUnlimited(Way(found)) && await FixAsync(found, source).ConfigureAwait(false) is { } even)
            found.Share = Bandwidth.FromBytes((long)even);
    }

    internal void Divide()
    {
        Measure();
        lock (_gate)
        {
            var shares = BandwidthAllocator.Divide([.. moves.Select(move => move.Demand).OfType<BandwidthDemand>()], map);
            foreach (var move in moves)
            {
                // Before it copies, a limit would be overwritten by the one that it was started with.
                if (shares.TryGetValue(move.Uuid, out var share) && !share.IsUnlimited && move is { IsShareFixed: false, Order.IsCompleted: true, Run: { Progress.Phase: MigrationPhase.Copying } migration }
                    && !IsLike(move.Share, share))
                {
                    move.Share = share;
                    move.Order = LimitAsync(migration, share);
                }
            }
        }
    }

    /// <summary>The even part of one whose limit cannot be changed; null of any other.</summary>
    private async Task<double?> FixAsync(MoveState move, LibvirtHost source)
    {
        move.IsShareFixed = move.Planned.Domain.Disks > 0 && !await source.CanLimitDisksAsync().ConfigureAwait(false);
        return move.IsShareFixed ? Way(move).Min(link => map.BytesPerSecond(link) / AtOnce(link)) : null;
    }

    /// <summary>How many may come to pass a link at a time, of those that have not arrived.</summary>
    private int AtOnce(int link)
    {
        MoveState[] passing = [.. moves.Where(move => !move.IsOver && Way(move).Contains(link))];
        var leaving = passing.GroupBy(move => move.Planned.Source).Sum(host => Math.Min(host.Count(), map.MaxOutgoing(host.Key)));
        var arriving = passing.GroupBy(move => move.Destination).Sum(host => Math.Min(host.Count(), map.MaxIncoming(host.Key)));
        return Math.Max(1, Math.Min(SlotUsage.AtOnce(map, link), Math.Min(leaving, arriving)));
    }

    private (string Source, double Narrowest) Class(MoveState move) => (move.Planned.Source, map.Narrowest(Way(move)));

    private int[] Way(MoveState move) => map.Way(move.Planned.Domain, move.Destination);

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
        foreach (var host in moves.Where(move => move.Run is not null).GroupBy(Class))
        {
            var now = host.Sum(move => move.Run?.Progress.Rate ?? 0.0);
            if (now > 0)
                _measured = _measured.SetItem(host.Key, Math.Max(now, _measured.GetValueOrDefault(host.Key)));
        }
    }
}
