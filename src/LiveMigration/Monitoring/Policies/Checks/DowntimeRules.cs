using static LiveMigration.Monitoring.Policies.Checks.Check;

namespace LiveMigration.Monitoring.Policies.Checks;

/// <summary>How the downtime develops.</summary>
internal static class DowntimeRules
{
    internal static PolicyProblem[] Broken(DowntimeSchedule? schedule) => schedule switch
    {
        FixedDowntime { Downtime: var downtime } => Downtime("downtime", downtime),
        LinearDowntime linear =>
        [
            .. Downtime("downtime.linear.max", linear.Max),
            .. AtLeast("downtime.linear.steps", linear.Steps, 1),
            .. Positive("downtime.linear.delayPerGiB", linear.DelayPerGiB),
        ],
        RampedDowntime ramped =>
        [
            .. Downtime("downtime.ramped.initial", ramped.Initial),
            .. Downtime("downtime.ramped.max", ramped.Max),
            .. Ascending("downtime.ramped.max", ramped.Initial, ramped.Max),
            .. AtLeast("downtime.ramped.steps", ramped.Steps, 1),
            .. AtLeast("downtime.ramped.startAfterIteration", ramped.StartAfterIteration, 0),
        ],
        DoublingDowntime doubling =>
        [
            .. Downtime("downtime.doubling.initial", doubling.Initial),
            .. Downtime("downtime.doubling.max", doubling.Max),
            .. Ascending("downtime.doubling.max", doubling.Initial, doubling.Max),
            .. AtLeast("downtime.doubling.tolerated", doubling.Tolerated, 0),
            .. Positive("downtime.doubling.interval", doubling.Interval),
        ],
        _ => [],
    };
}
