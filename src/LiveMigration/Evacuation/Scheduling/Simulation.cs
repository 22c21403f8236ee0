using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Scheduling;

/// <summary>
/// Plays the evacuation: whoever may go goes, the sending share the links, and each end lets the next one begin. Time jumps
/// from event to event.
/// </summary>
internal sealed class Simulation
{
    private readonly SimulatedSlots _gates;
    private readonly FairShare _share;
    private readonly double _overhead;
    private readonly List<Queue> _queues;
    private readonly List<Move> _running = [];
    private readonly Dictionary<Guid, Move> _moves;
    private double _now;

    internal Simulation(IReadOnlyList<Move> moves, LinkMap links, EvacuationOptions options)
    {
        _gates = new SimulatedSlots(links);
        _share = new FairShare(links);
        _overhead = options.Overhead.Value.TotalSeconds;
        _moves = moves.ToDictionary(move => move.Domain.Uuid);
        _queues = [.. moves.GroupBy(move => move.Domain.Host).Select(group => new Queue(group))];
    }

    internal void Run()
    {
        while (true)
        {
            Begin();
            if (_running.Count == 0)
                return;
            _share.Divide(_running.Where(move => move.Sends <= _now));
            Advance(_running.Min(move => move.Sends > _now ? move.Sends - _now : move.SecondsLeft));
            End();
        }
    }

    /// <summary>Those with the most left to do go first: the last host to be empty ends it all.</summary>
    private void Begin()
    {
        _gates.Look();
        foreach (var queue in _queues.OrderByDescending(queue => queue.SecondsLeft))
        {
            for (var at = 0; at < queue.Waiting.Count && _gates.MayLeave(queue.Host);)
            {
                var move = queue.Waiting[at];
                if (move.Placement.After.All(before => _moves[before.Uuid].HasEnded) && _gates.TryEnter(move, _now))
                    Begin(queue.Take(at), queue);
                else
                    at++;
            }
        }

        _queues.RemoveAll(queue => queue.Waiting.Count == 0);
    }

    private void Begin(Move move, Queue queue)
    {
        var freed = queue.Freed.TryDequeue(out var wave) ? wave : 0;
        move.Wave = 1 + move.Placement.After.Select(before => _moves[before.Uuid].Wave).Append(freed).Max();
        (move.Start, move.Sends) = (_now, _now + _overhead);
        _running.Add(move);
    }

    private void Advance(double seconds)
    {
        foreach (var move in _running)
            if (move.Sends <= _now)
                move.Send(seconds);
        _now += seconds;
    }

    private void End()
    {
        // Less than a byte is what rounding leaves.
        foreach (var move in _running.Where(move => move.Left < 1).ToList())
        {
            move.End = _now;
            _running.Remove(move);
            _gates.Leave(move);
            _queues.Find(queue => queue.Host == move.Domain.Host)?.Freed.Enqueue(move.Wave);
        }
    }
}
