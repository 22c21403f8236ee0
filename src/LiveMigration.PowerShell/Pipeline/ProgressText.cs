using System.Management.Automation;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>progress → the line that a person reads.</summary>
internal static class ProgressText
{
    internal static ProgressRecord Record(MigrationRun run, MigrationProgress progress, int id, int parentId) =>
        new(id, Activity(run), Status(progress))
        {
            ParentActivityId = parentId,
            PercentComplete = progress.Percent,
            SecondsRemaining = progress.TimeLeft is { } left ? (int)Math.Ceiling(left.TotalSeconds) : -1,
        };

    internal static ProgressRecord Completed(MigrationRun run, int id, int parentId) =>
        new(id, Activity(run), "done") { ParentActivityId = parentId, RecordType = ProgressRecordType.Completed };

    /// <summary>For example <c>42 %, copying (pass 2): 812 MiB sent, 120 MiB left, 113 MiB/s, guest writes 20 MiB/s</c>.</summary>
    internal static string Status(MigrationProgress progress) => $"{progress.Percent} %, {string.Join(", ", Parts(progress))}";

    private static string Activity(MigrationRun run) => $"{run.Name}: {run.Source} → {run.Destination ?? "?"}";

    private static IEnumerable<string> Parts(MigrationProgress progress)
    {
        yield return progress.Phase switch
        {
            MigrationPhase.Starting => "preparing the destination",
            MigrationPhase.Copying => $"copying (pass {progress.Iteration ?? 1})",
            MigrationPhase.Switching => "switching over",
            MigrationPhase.PostCopy => "running on the destination, fetching remaining memory",
            MigrationPhase.Verifying => "verifying",
            _ => "ended",
        };
        if (progress.Phase is MigrationPhase.Verifying or MigrationPhase.Ended)
            yield break;
        if (progress.Transferred is { } transferred)
            yield return $"{new ByteSize(transferred)} sent";
        if (progress.Remaining is { } remaining)
            yield return $"{new ByteSize(remaining)} left";
        if (progress.Rate is { } rate)
            yield return $"{Bandwidth.FromBytes(rate)}";
        if (progress.DirtyRate is { } dirty)
            yield return $"guest writes {Bandwidth.FromBytes(dirty)}";
        if (progress.Throttle is > 0 and var throttle)
            yield return $"guest throttled by {throttle} %";
    }
}
