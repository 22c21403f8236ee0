using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Scheduling;

/// <summary>What no order of the moves can go below.</summary>
internal static class LowerBound
{
    internal static double Of(IReadOnlyList<Move> moves, LinkMap links, EvacuationOptions options)
    {
        if (moves.Count == 0)
            return 0;
        var busy = new double[links.Count];
        foreach (var move in moves)
            foreach (var link in move.Way)
                busy[link] += move.BytesAtBest / links.BytesPerSecond(link);
        return new[]
        {
            busy.Max() + options.Overhead.Value.TotalSeconds,
            moves.Max(move => move.SecondsAtBest),
            Turns(moves, move => move.Domain.Host, links.MaxOutgoing),
            Turns(moves, move => move.Placement.Destination.Name, links.MaxIncoming),
        }.Max();
    }

    private static double Turns(IReadOnlyList<Move> moves, Func<Move, string> host, Func<string, int> at) =>
        moves.GroupBy(host).Max(group => group.Sum(move => move.SecondsAtBest) / at(group.Key));
}
