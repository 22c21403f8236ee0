using LiveMigration.Evacuation;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Reports;

/// <summary>evacuations → JSON. Times are milliseconds, sizes bytes, rates bytes per second.</summary>
internal static class EvacuationJson
{
    internal static string Write(string title, IReadOnlyList<EvacuationStory> stories) =>
        Json.Write(new { title, evacuations = stories.Select(story => new { plan = Plan(story.Plan), run = story.Run is { } run ? Run(run) : null }) });

    private static object Plan(EvacuationPlan plan) => new
    {
        plan.Sources,
        plan.Options.Destinations,
        plan.IsReturn,
        plan.Goal,
        plan.Emptied,
        plan.ImbalanceBefore,
        plan.ImbalanceAfter,
        bandwidth = plan.Options.Bandwidth.IsUnlimited ? null : (long?)plan.Options.Bandwidth.BytesPerSecond,
        ms = Milliseconds(plan.Makespan),
        atLeastMs = Milliseconds(plan.LowerBound),
        bytes = plan.Bytes,
        moves = plan.Moves.Select(move => new
        {
            name = move.Domain.Name,
            uuid = move.Domain.Uuid,
            from = move.Source,
            to = move.Destination,
            or = move.Alternatives,
            move.Wave,
            startMs = Milliseconds(move.Start),
            ms = Milliseconds(move.Time),
            bytes = move.Bytes,
            move.Alone,
            move.Converges,
            move.Reason,
            move.Gain,
            after = move.After.Select(before => before.Uuid),
        }),
        unmovable = plan.Unmovable.Select(stays => new { name = stays.Domain.Name, uuid = stays.Domain.Uuid, on = stays.Domain.Host, stays.Reason, stays.Remedy }),
    };

    private static object Run(HostEvacuation run) => new
    {
        run.Id,
        run.State,
        stopped = run.StoppedBecause,
        run.StartTime,
        run.EndTime,
        run.ResumeTimes,
        ms = Milliseconds(run.Time),
        run.Moved,
        run.Stayed,
        run.Left,
        run.Unclear,
        bytes = run.Transferred,
        downtimeMs = Milliseconds(run.Downtime),
        vms = run.Domains.Select(domain => new
        {
            domain.Name,
            domain.Uuid,
            from = domain.Source,
            to = domain.Destination,
            domain.State,
            downtimeMs = Milliseconds(domain.Downtime),
            bytes = domain.Transferred,
            fault = domain.Fault?.Id,
            domain.Error,
            tries = domain.Tries.Select(attempt => new
            {
                to = attempt.Destination,
                attempt.State,
                attempt.StartTime,
                attempt.EndTime,
                bytes = attempt.Transferred,
                bytesPerSecond = attempt.Rate,
                downtimeMs = Milliseconds(attempt.Downtime),
                fault = attempt.Fault?.Id,
                attempt.Error,
            }),
        }),
    };

    private static long? Milliseconds(Duration? time) => time?.Milliseconds;
}
