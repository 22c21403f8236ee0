namespace LiveMigration.Evacuation.Scheduling;

/// <summary>Who waits at one host: by priority, then who needs the way alone, then the longest, so that none is left over at the end.</summary>
internal sealed class Queue
{
    internal Queue(IEnumerable<Move> moves)
    {
        Waiting = [.. moves.OrderByDescending(move => move.Domain.Priority).ThenByDescending(move => move.Alone)
            .ThenByDescending(move => move.SecondsAtBest).ThenBy(move => move.Domain.Name, StringComparer.Ordinal).ThenBy(move => move.Domain.Uuid)];
        Host = Waiting[0].Domain.Host;
        SecondsLeft = Waiting.Sum(move => move.SecondsAtBest);
    }

    internal string Host { get; }

    internal List<Move> Waiting { get; }

    internal double SecondsLeft { get; private set; }

    /// <summary>The waves of the moves whose places are free.</summary>
    internal Queue<int> Freed { get; } = new();

    internal Move Take(int at)
    {
        var move = Waiting[at];
        Waiting.RemoveAt(at);
        SecondsLeft -= move.SecondsAtBest;
        return move;
    }
}
