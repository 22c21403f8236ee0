using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>What in a policy contradicts itself, or cannot be, whatever the domain is.</summary>
internal static class PolicyRules
{
    internal static IEnumerable<PolicyProblem> Broken(MigrationPolicy policy) =>
    [
        .. Settings(policy),
        .. Downtimes(policy.Downtime),
        .. policy.Convergence is { } convergence ? Steps(policy, convergence) : [],
        .. policy.Timeout is { } timeout ? Timeout(policy, timeout) : [],
        .. policy.Stall is { } stall ? Stall(policy, stall) : [],
        .. If(policy.ProgressTimeout is { } limit && limit.Value <= TimeSpan.Zero, "progressTimeout", "More than 0 was expected."),
    ];

    private static PolicyProblem[] Settings(MigrationPolicy policy)
    {
        var several = policy.Parallel is not null;
        var oneChannel = policy.Compression is MigrationCompression.Xbzrle or MigrationCompression.Mt;
        var manyChannels = policy.Compression is MigrationCompression.Zlib or MigrationCompression.Zstd;
        return
        [
            .. If(string.IsNullOrWhiteSpace(policy.Name), "name", "A name was expected."),
            .. If(policy.Parallel is < 1 or > 255, "parallel", "1 to 255 connections were expected."),
            .. If(policy.ConcurrentMigrations < 1, "concurrentMigrations", "1 or more was expected."),
            .. If(oneChannel && several, "compression", "This compression works on one channel: leave out 'parallel', or use zlib or zstd."),
            .. If(manyChannels && !several, "compression", "This compression works on several connections: add 'parallel'."),
            .. If(policy.ZeroCopy && !several, "zeroCopy", "Zero-copy works on several connections: add 'parallel'."),
            .. If(
                policy.ZeroCopy && (policy.Tls || policy.Compression is not MigrationCompression.None),
                "zeroCopy",
                "What is encrypted or compressed is copied: leave out 'tls' and 'compression'."),
        ];
    }

    private static PolicyProblem[] Downtimes(DowntimeSchedule? schedule) => schedule switch
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

    private static IEnumerable<PolicyProblem> Steps(MigrationPolicy policy, ConvergenceSchedule schedule)
    {
        foreach (var problem in Positive("convergence.interval", schedule.Interval))
            yield return problem;
        if (schedule.Steps.Count == 0)
            yield return new("convergence.steps", "At least one step was expected.");
        for (var index = 0; index < schedule.Steps.Count; index++)
        {
            var (step, path) = (schedule.Steps[index], $"convergence.steps[{index}]");
            if (step is { AfterIteration: not null, After: not null })
                yield return new(path, "Either 'afterIteration' or 'after' was expected, not both.");
            if (step.AfterIteration < 0)
                yield return new(path + ".afterIteration", "0 or more was expected.");
            if (step.Action is PolicyDecision.StartPostCopy && !policy.PostCopy)
                yield return new(path, "Post-copy has to be permitted: add 'postCopy: true'.");
            if (step.Action is PolicyDecision.SetMaxDowntime { Downtime: var downtime })
            {
                foreach (var problem in Downtime(path + ".downtime", downtime))
                    yield return problem;
                if (policy.Downtime is not (null or FixedDowntime))
                    yield return new(path + ".downtime", "Only one can set the downtime: with such steps, give 'downtime' one value.");
            }

            if (step.Action is PolicyDecision.Wait)
                yield return new(path, "Something to do was expected.");
            if (step.Action is PolicyDecision.Abort && index < schedule.Steps.Count - 1)
                yield return new($"convergence.steps[{index + 1}]", "Nothing comes after an abort.");
        }
    }

    private static PolicyProblem[] Timeout(MigrationPolicy policy, CompletionTimeout timeout) =>
    [
        .. If(timeout.PerGiB is null == timeout.After is null, "timeout", "Either 'perGiB' or 'after' was expected."),
        .. timeout.PerGiB is { } each ? Positive("timeout.perGiB", each) : [],
        .. timeout.After is { } after ? Positive("timeout.after", after) : [],
        .. If(
            timeout.Action is CompletionAction.PostCopy && !policy.PostCopy,
            "timeout.action",
            "Post-copy has to be permitted: add 'postCopy: true'."),
        .. If(timeout.AbortAtFactor is { } factor && !(factor > 1), "timeout.abortAtFactor", "More than 1 was expected."),
    ];

    private static PolicyProblem[] Stall(MigrationPolicy policy, StallDetection stall) =>
    [
        .. If(policy.Timeout is null, "stall", "A stall detector works towards a time-out: add 'timeout'."),
        .. If(
            policy.Timeout is { Action: CompletionAction.Suspend or CompletionAction.PostCopy },
            "timeout.action",
            "With a stall detector 'abort' or 'forceComplete' was expected."),
        .. If(
            policy.Downtime is not null || policy.Convergence is not null || policy.ProgressTimeout is not null,
            "stall",
            "A stall detector takes the place of 'downtime', 'convergence' and 'progressTimeout': leave them out."),
        .. Downtime("stall.maxDowntime", stall.MaxDowntime),
        .. If(stall.StallMargin is < 0 or > 99, "stall.stallMargin", "0 to 99 (percent) was expected."),
        .. Positive("stall.switchoverTimeout", stall.SwitchoverTimeout),
        .. If(!(stall.EwmaAlpha is > 0 and <= 1), "stall.ewmaAlpha", "More than 0 and at most 1 was expected."),
        .. If(!(stall.PrecopyPossibleFactor >= 1), "stall.precopyPossibleFactor", "1 or more was expected."),
        .. If(!(stall.PatienceWindowDecayFactor is >= 0 and <= 1), "stall.patienceWindowDecayFactor", "0 to 1 was expected."),
        .. If(!(stall.CompletionTimeoutFactor >= 1), "stall.completionTimeoutFactor", "1 or more was expected."),
    ];

    private static PolicyProblem[] Downtime(string path, Duration downtime) =>
        If(downtime.Milliseconds < 1 || downtime.Value > DowntimeSchedule.Most, path, $"1 ms to 2000 s was expected, not {downtime}.");

    private static PolicyProblem[] Ascending(string path, Duration initial, Duration max) =>
        If(max.CompareTo(initial) < 0, path, $"At least the initial {initial} was expected, not {max}.");

    private static PolicyProblem[] AtLeast(string path, int value, int least) =>
        If(value < least, path, $"{least} or more was expected, not {value}.");

    private static PolicyProblem[] Positive(string path, Duration duration) =>
        If(duration.Value <= TimeSpan.Zero, path, "More than 0 was expected.");

    private static PolicyProblem[] If(bool condition, string path, string message) =>
        condition ? [new PolicyProblem(path, message)] : [];
}
