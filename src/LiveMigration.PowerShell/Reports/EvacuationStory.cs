using System.Globalization;
using LiveMigration.Evacuation;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Reports;

/// <summary>What is drawn: a plan, and what came of it if it was begun. Times are seconds from its begin on.</summary>
internal sealed record EvacuationStory(EvacuationPlan Plan, HostEvacuation? Run = null)
{
    /// <summary>Until when there is something to draw.</summary>
    internal double Seconds => Math.Max(1, Math.Max(Plan.Makespan.TotalSeconds, Run?.Time.TotalSeconds ?? 0));

    /// <summary>The planned moves and what became of them, wave after wave.</summary>
    internal IEnumerable<(PlannedMove Move, EvacuatedDomain? Domain)> Moves
    {
        get
        {
            var domains = Run?.Domains.ToDictionary(domain => domain.Uuid) ?? [];
            return Plan.Moves.OrderBy(move => move.Wave).ThenBy(move => move.Start).Select(move => (move, domains.GetValueOrDefault(move.Domain.Uuid)));
        }
    }

    internal string Title => $"{What} {string.Join(", ", Plan.Sources)}".TrimEnd();

    private string What => (Plan.IsReturn, Plan.Goal, Run) switch
    {
        (true, _, null) => "Plan to move VMs back from",
        (true, _, _) => "Return of VMs from",
        (_, EvacuationGoal.Evacuate, null) => "Plan to evacuate",
        (_, EvacuationGoal.Evacuate, _) => "Evacuation of",
        (_, EvacuationGoal.Balance, null) => "Plan to balance",
        (_, EvacuationGoal.Balance, _) => "Balancing of",
        (_, var goal, null) => $"Plan to {(goal is EvacuationGoal.Pack ? "pack" : "spread")} VMs from",
        (_, var goal, _) => $"{goal}ing of VMs from",
    };

    internal string Summary
    {
        get
        {
            var plan = $"{Page.Count(Plan.Moves.Count, "VM")} in {Page.Count(Plan.Waves, "wave")}, {new ByteSize(Plan.Bytes)}, over links of {Limit}: {new Duration(Plan.Makespan)} (at least {new Duration(Plan.LowerBound)}).";
            if (Plan.Unmovable.Count > 0)
                plan += $" {Page.Count(Plan.Unmovable.Count, "VM")} cannot move.";
            if (Run is null)
                return $"Planned: {plan}";
            var stopped = Run.StoppedBecause is { } reason ? $" because {reason}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"{Run.Moved} of {Page.Count(Run.Domains.Count, "VM")} moved, {Run.Stayed} stayed, {Run.Left} left, {Run.Unclear} unclear. {Run.State}{stopped}. ")
                + $"Started on {Run.StartTime.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)}; {new Duration(Run.Time)}, {(Run.Transferred is { } bytes ? $"{new ByteSize(bytes)}" : "an unknown amount")} transferred, total downtime of all VMs {(Run.Downtime is { } downtime ? $"{new Duration(downtime)}" : "unknown")}. Planned: {plan}";
        }
    }

    internal double At(DateTimeOffset time) => (time - Run!.StartTime).TotalSeconds;

    /// <summary>When a try ended; one of which nobody saw the end is drawn until somebody looked again, or until now.</summary>
    internal double EndOf(EvacuationAttempt attempt) =>
        attempt.EndTime is { } end ? At(end) : Run!.ResumeTimes.Where(time => time > attempt.StartTime).Select(At).DefaultIfEmpty(Run.Time.TotalSeconds).First();

    /// <summary>What is worth a line across all rows.</summary>
    internal IEnumerable<(double Second, string Name)> Moments
    {
        get
        {
            yield return (Plan.Makespan.TotalSeconds, "planned end");
            if (Run is null)
                yield break;
            foreach (var time in Run.ResumeTimes)
                yield return (At(time), "resumed");
            if (Plan.Policy.Deadline is { } deadline && At(deadline) is var second && second > 0 && second <= Seconds)
                yield return (second, "deadline");
            yield return (Run.Time.TotalSeconds, Run.State switch
            {
                EvacuationState.Running => "now",
                EvacuationState.Interrupted => "last record",
                _ => "end",
            });
        }
    }

    private string Limit => Plan.Options.Bandwidth.IsUnlimited ? "unlimited bandwidth" : $"{Plan.Options.Bandwidth}";

    internal static Bandwidth? RateOf(PlannedMove move) =>
        move.Time.TotalSeconds > 0 ? Bandwidth.FromBytes((long)(move.Bytes / move.Time.TotalSeconds)) : null;
}
