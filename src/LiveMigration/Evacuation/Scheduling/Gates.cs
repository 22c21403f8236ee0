using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Scheduling;

/// <summary>How many may leave, pass and arrive at a time, and who has the way for itself.</summary>
internal sealed class Gates(Fleet fleet, LinkMap links, EvacuationOptions options)
{
    private readonly Dictionary<string, int> _outgoing = fleet.Hosts.ToDictionary(host => host.Name, host => host.MaxOutgoing ?? options.MaxOutgoing);
    private readonly Dictionary<string, int> _incoming = fleet.Hosts.ToDictionary(host => host.Name, host => host.MaxIncoming ?? options.MaxIncoming);
    private readonly int[] _passing = new int[links.Count];
    private readonly bool[] _held = new bool[links.Count];
    private readonly bool[] _awaited = new bool[links.Count];

    internal bool MayLeave(string host) => _outgoing[host] > 0;

    /// <summary>Begins a new look at who may go: nobody waits for a way yet.</summary>
    internal void Look() => Array.Clear(_awaited);

    internal bool TryEnter(Move move)
    {
        if (_incoming[move.Placement.Destination.Name] == 0)
            return false;
        if (!Array.TrueForAll(move.Way, link => IsOpen(link, move.Alone)))
        {
            // Who needs the way alone would wait for ever if others went on entering it.
            if (move.Alone)
                Array.ForEach(move.Way, link => _awaited[link] = true);
            return false;
        }

        Count(move, 1);
        return true;
    }

    internal void Leave(Move move) => Count(move, -1);

    private bool IsOpen(int link, bool alone) =>
        !_held[link] && !_awaited[link] && _passing[link] < (alone ? 1 : links.MaxMigrations(link));

    private void Count(Move move, int sign)
    {
        _outgoing[move.Domain.Host] -= sign;
        _incoming[move.Placement.Destination.Name] -= sign;
        foreach (var link in move.Way)
        {
            _passing[link] += sign;
            _held[link] = move.Alone && sign > 0;
        }
    }
}
