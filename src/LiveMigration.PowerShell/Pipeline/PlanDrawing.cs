using LiveMigration.Evacuation;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>plan → text: each move on a line of its own, with a bar from its begin to its end.</summary>
internal static class PlanDrawing
{
    private const int Width = 40;

    internal static string Of(EvacuationPlan plan)
    {
        var names = plan.Moves.Select(move => $"{move}").Concat(plan.Unmovable.Select(stays => $"{stays.Domain}")).DefaultIfEmpty("").Max(name => name.Length);
        var lines = plan.Moves.Select(move => $"  {$"{move}".PadRight(names)}  |{Bar(move, plan.Makespan)}| {new Duration(move.Time)}{(move.Converges ? "" : ", does not converge without intervention")}")
            .Concat(plan.Unmovable.Select(stays => $"  {$"{stays.Domain}".PadRight(names)}  stays: {stays.Reason}"));
        return string.Join('\n', [$"{What(plan)}: {plan.Moves.Count} VMs, {new ByteSize(plan.Bytes)}, {new Duration(plan.Makespan)}.", .. lines]);
    }

    /// <summary>What is done, and where.</summary>
    private static string What(EvacuationPlan plan) => plan is { Goal: not EvacuationGoal.Evacuate, Moves.Count: 0 } ? $"{plan.Goal}"
        : plan.IsReturn ? $"Move VMs back from {string.Join(", ", plan.Sources)}"
        : plan.Goal is EvacuationGoal.Evacuate or EvacuationGoal.Balance ? $"{plan.Goal} {string.Join(", ", plan.Sources)}"
        : $"{plan.Goal} VMs from {string.Join(", ", plan.Sources)}";

    private static string Bar(PlannedMove move, TimeSpan makespan)
    {
        var (from, to) = (Column(move.Start), Column(move.End));
        to = Math.Max(to, from + 1);
        return new string(' ', Math.Min(from, Width - 1)) + new string('=', Math.Min(to, Width) - Math.Min(from, Width - 1)) + new string(' ', Width - Math.Min(to, Width));

        int Column(TimeSpan time) => makespan > TimeSpan.Zero ? (int)Math.Round(time / makespan * Width) : 0;
    }
}
