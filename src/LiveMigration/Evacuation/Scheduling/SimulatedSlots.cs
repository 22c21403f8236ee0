using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Scheduling;

/// <summary>How many may leave, pass and arrive at a time, and who has the way for itself.</summary>
internal sealed class SimulatedSlots(LinkMap links)
{
    private readonly Dictionary<string, int> _outgoing = links.Hosts.ToDictionary(host => host, links.MaxOutgoing);
    private readonly Dictionary<string, int> _incoming = links.Hosts.ToDictionary(host => host, links.MaxIncoming);
    private readonly List<Move>[] _passing = [.. Enumerable.Range(0, links.Count).Select(_ => new List<Move>())];
    private readonly bool[] _held = new bool[links.Count];

    /// <summary>When somebody who needs the link alone is expected to have it.</summary>
    private readonly double[] _awaited = new double[links.Count];

    internal bool MayLeave(string host) => _outgoing[host] > 0;

    /// <summary>Begins a new look at who may go: nobody waits for a link yet.</summary>
    internal void Look() => Array.Fill(_awaited, double.PositiveInfinity);

    internal bool TryEnter(Move move, double now)
    {
        if (_incoming[move.Placement.Destination.Name] == 0)
            return false;
        if (!Array.TrueForAll(move.Way, link => IsOpen(link, move, now)) || Array.Exists(move.Held, link => _passing[link].Count > 0))
        {
            Await(move, now);
            return false;
        }

        Count(move, 1);
        return true;
    }

    internal void Leave(Move move) => Count(move, -1);

    /// <summary>
    /// Who needs a link alone would wait for ever if others went on entering it. Until those who pass now are through, whoever
    /// is through by then may still enter.
    /// </summary>
    private void Await(Move move, double now)
    {
        var from = move.Held.SelectMany(link => _passing[link]).Select(passing => now + passing.SecondsLeft).DefaultIfEmpty(now).Max();
        foreach (var link in move.Held)
            _awaited[link] = Math.Min(_awaited[link], from);
    }

    private bool IsOpen(int link, Move move, double now) =>
        !_held[link] && _passing[link].Count < links.MaxMigrations(link)
        && (double.IsPositiveInfinity(_awaited[link]) || now + move.SecondsAtBest * (1 + _passing[link].Count) <= _awaited[link]);

    private void Count(Move move, int sign)
    {
        _outgoing[move.Domain.Host] -= sign;
        _incoming[move.Placement.Destination.Name] -= sign;
        foreach (var link in move.Way)
            if (sign > 0)
                _passing[link].Add(move);
            else
                _passing[link].Remove(move);
        foreach (var link in move.Held)
            _held[link] = sign > 0;
    }
}
