using System.Collections.Immutable;
using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.Evacuation.Running;

/// <summary>The hosts that do not answer any more, and the search for places for those that were to go there.</summary>
internal sealed class UnreachableHosts(EvacuationPlan plan, IReadOnlyDictionary<string, LibvirtHost> hosts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Never changed, only replaced: who carries a domain looks, too.</summary>
    private ImmutableHashSet<string> _names = [.. plan.Hosts.Where(host => !hosts.ContainsKey(host))];
    private IReadOnlyList<MoveState> _stranded = [];
    private Task<IReadOnlyDictionary<Guid, (PlannedMove? Move, string? Reason)>>? _search;

    /// <summary>Whether places are being looked for.</summary>
    internal bool IsSearching => _search is not null;

    internal bool Contains(string host) => _names.Contains(host);

    /// <summary>Whether it has nowhere to go now. One that was left on its way has to be found first.</summary>
    internal bool IsStranded(MoveState move) => !move.IsInterrupted && Contains(move.Destination);

    /// <summary>Looks whether a host still answers; true when it has just been lost.</summary>
    internal async Task<bool> TakeIfSilentAsync(string host)
    {
        if (Contains(host))
            return false;
        try
        {
            await hosts[host].PingAsync().WaitAsync(Patience).ConfigureAwait(false);
            return false;
        }
        catch (Exception error) when (error is LiveMigrationException or TimeoutException or ObjectDisposedException)
        {
            _names = _names.Add(host);
            return true;
        }
    }

    /// <summary>Begins to look for places, unless that is under way: then those wait for the next time.</summary>
    /// <param name="stranded">Those that need one.</param>
    /// <param name="moves">All: of the others is known where they are bound for.</param>
    internal void Search(IReadOnlyList<MoveState> stranded, IEnumerable<MoveState> moves)
    {
        if (_search is not null || stranded.Count == 0)
            return;
        var lost = _names;
        _stranded = stranded;
        var bound = moves.Except(stranded).Where(move => !move.IsOver).ToDictionary(move => move.Uuid, move => move.Destination);
        _search = Task.Run(() => Replanning.PlanAsync(plan, stranded, bound, hosts, lost));
    }

    /// <summary>What a search that has ended found for each that still needs it; nothing before that.</summary>
    internal async Task<IReadOnlyList<(MoveState MoveState, PlannedMove? Move, string? Reason)>> FoundAsync()
    {
        if (_search is not { IsCompleted: true } search)
            return [];
        _search = null;
        var places = await search.ConfigureAwait(false);
        return [.. _stranded.Where(move => move.State is EvacuatedState.Waiting && IsStranded(move))
            .Select(move => (move, places.GetValueOrDefault(move.Uuid).Move, places.GetValueOrDefault(move.Uuid).Reason))];
    }
}
