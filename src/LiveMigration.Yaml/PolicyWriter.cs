using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using YamlDotNet.Core.Events;

namespace LiveMigration.Yaml;

/// <summary>Policy → YAML. What has its default is left out, except where a default of others is worth seeing.</summary>
internal sealed class PolicyWriter(TextWriter writer) : YamlWriter(writer)
{
    internal void Write(MigrationPolicy policy) => Document(() => Root(policy));

    private void Root(MigrationPolicy policy)
    {
        Entry("name", policy.Name);
        Entry("description", policy.Description);
        Entry("bandwidth", policy.Bandwidth is { } bandwidth ? Text(bandwidth) : null);
        Entry("autoConverge", policy.AutoConverge ? "true" : null);
        Entry("autoConvergeInitial", policy.AutoConvergeInitial);
        Entry("autoConvergeIncrement", policy.AutoConvergeIncrement);
        Entry("postCopy", policy.PostCopy ? "true" : null);
        Entry("postCopyBandwidth", policy.PostCopyBandwidth is { } after ? Text(after) : null);
        Entry("parallel", policy.Parallel);
        Entry("compression", policy.Compression is MigrationCompression.None ? null : Text(policy.Compression));
        Entry("compressionLevel", policy.CompressionLevel);
        Entry("xbzrleCacheShare", policy.XbzrleCacheShare);
        Entry("zeroCopy", policy.ZeroCopy ? "true" : null);
        Entry("tls", policy.Tls ? "true" : null);
        Entry("concurrentMigrations", policy.ConcurrentMigrations);
        Entry("dataSize", policy.DataSize is DataMeasure.Exact ? null : Text(policy.DataSize));
        Downtime(policy.Downtime);
        if (policy.Convergence is { } convergence)
            Section("convergence", () => Convergence(convergence));
        if (policy.Timeout is { } timeout)
            Section("timeout", () => Timeout(timeout));
        Entry("progressTimeout", policy.ProgressTimeout is { } limit ? Text(limit) : null);
        if (policy.Stall is { } stall)
            Section("stall", () => Stall(stall));
        if (policy.Adaptive is { } adaptive)
            Section("adaptive", () => Adaptive(adaptive));
    }

    private void Downtime(DowntimeSchedule? schedule)
    {
        switch (schedule)
        {
            case FixedDowntime { Downtime: var downtime }:
                Entry("downtime", Text(downtime));
                break;
            case LinearDowntime linear:
                Section("downtime", () => Section("linear", () =>
                {
                    Entry("max", Text(linear.Max));
                    Entry("steps", linear.Steps);
                    Entry("delayPerGiB", Text(linear.DelayPerGiB));
                }));
                break;
            case RampedDowntime ramped:
                Section("downtime", () => Section("ramped", () =>
                {
                    Entry("initial", Text(ramped.Initial));
                    Entry("max", Text(ramped.Max));
                    Entry("steps", ramped.Steps);
                    Entry("startAfterIteration", ramped.StartAfterIteration);
                    Entry("cooldown", Text(ramped.Cooldown));
                }));
                break;
            case DoublingDowntime doubling:
                Section("downtime", () => Section("doubling", () =>
                {
                    Entry("initial", Text(doubling.Initial));
                    Entry("max", Text(doubling.Max));
                    Entry("tolerated", doubling.Tolerated);
                    Entry("interval", Text(doubling.Interval));
                }));
                break;
        }
    }

    private void Convergence(ConvergenceSchedule schedule)
    {
        Entry("interval", Text(schedule.Interval));
        Sections("steps", schedule.Steps, MappingStyle.Flow, Step);
    }

    private void Step(ConvergenceStep step)
    {
        Entry("afterIteration", step.AfterIteration);
        Entry("after", step.After is { } after ? Text(after) : null);
        var (key, value) = step.Action switch
        {
            PolicyDecision.SetMaxDowntime { Downtime: var downtime } => ("downtime", Text(downtime)),
            PolicyDecision.SetBandwidth { Bandwidth: var bandwidth } => ("bandwidth", Text(bandwidth)),
            PolicyDecision.StartPostCopy => ("action", "postCopy"),
            PolicyDecision.Suspend => ("action", "suspend"),
            _ => ("action", "abort"),
        };
        Entry(key, value);
    }

    private void Timeout(CompletionTimeout timeout)
    {
        Entry("perGiB", timeout.PerGiB is { } each ? Text(each) : null);
        Entry("after", timeout.After is { } after ? Text(after) : null);
        Entry("action", Text(timeout.Action));
        Entry("abortAtFactor", timeout.AbortAtFactor);
    }

    private void Stall(StallDetection stall)
    {
        Entry("maxDowntime", Text(stall.MaxDowntime));
        Entry("stallMargin", stall.StallMargin);
        Entry("stallProgressTimeout", Text(stall.StallProgressTimeout));
        Entry("switchoverTimeout", Text(stall.SwitchoverTimeout));
        Entry("ewmaAlpha", stall.EwmaAlpha);
        Entry("precopyPossibleFactor", stall.PrecopyPossibleFactor);
        Entry("patienceWindowDecayFactor", stall.PatienceWindowDecayFactor);
        Entry("searchLocalMinima", stall.SearchLocalMinima ? "true" : "false");
        Entry("completionTimeoutFactor", stall.CompletionTimeoutFactor);
    }

    private void Adaptive(AdaptiveControl adaptive)
    {
        Entry("maxDowntime", Text(adaptive.MaxDowntime));
        Entry("pauseWeight", adaptive.PauseWeight);
        Entry("throttleWeight", adaptive.ThrottleWeight);
        Entry("postCopyWeight", adaptive.PostCopyWeight);
        Entry("timeWeight", adaptive.TimeWeight);
    }
}
