using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;

namespace LiveMigration.Yaml;

/// <summary>Sections of YAML → policy. What is not written has the record's own default.</summary>
internal static class PolicyReader
{
    private enum StepAction
    {
        PostCopy,
        Suspend,
        Abort,
    }

    internal static MigrationPolicy Read(YamlSection yaml)
    {
        yaml.Require("name");
        var policy = new MigrationPolicy
        {
            Name = yaml.Text("name") ?? "",
            Description = yaml.Text("description"),
            Bandwidth = yaml.Rate("bandwidth"),
            AutoConverge = yaml.Flag("autoConverge") ?? false,
            AutoConvergeInitial = yaml.Number("autoConvergeInitial"),
            AutoConvergeIncrement = yaml.Number("autoConvergeIncrement"),
            PostCopy = yaml.Flag("postCopy") ?? false,
            PostCopyBandwidth = yaml.Rate("postCopyBandwidth"),
            Parallel = yaml.Number("parallel"),
            Compression = yaml.Choice<MigrationCompression>("compression") ?? MigrationCompression.None,
            CompressionLevel = yaml.Number("compressionLevel"),
            XbzrleCacheShare = yaml.Number("xbzrleCacheShare"),
            ZeroCopy = yaml.Flag("zeroCopy") ?? false,
            Tls = yaml.Flag("tls") ?? false,
            ConcurrentMigrations = yaml.Number("concurrentMigrations"),
            DataSize = yaml.Choice<DataMeasure>("dataSize") ?? DataMeasure.Exact,
            Downtime = Downtime(yaml),
            Convergence = yaml.Section("convergence") is { } convergence ? Convergence(convergence) : null,
            Timeout = yaml.Section("timeout") is { } timeout ? Timeout(timeout) : null,
            ProgressTimeout = yaml.Time("progressTimeout"),
            Stall = yaml.Section("stall") is { } stall ? Stall(stall) : null,
            Adaptive = yaml.Section("adaptive") is { } adaptive ? Adaptive(adaptive) : null,
        };
        yaml.Finish();
        return policy;
    }

    /// <summary>One value, or a way in which it develops.</summary>
    private static DowntimeSchedule? Downtime(YamlSection yaml)
    {
        if (yaml.IsScalar("downtime"))
            return yaml.Time("downtime") is { } downtime ? new FixedDowntime(downtime) : null;
        return yaml.Section("downtime") is { } section ? Developing(section) : null;
    }

    private static DowntimeSchedule? Developing(YamlSection yaml)
    {
        var kind = yaml.OneOf("linear", "ramped", "doubling");
        var section = kind is null ? null : yaml.Section(kind);
        DowntimeSchedule? schedule = section is null ? null : kind switch
        {
            "linear" => Linear(section),
            "ramped" => Ramped(section),
            _ => Doubling(section),
        };
        section?.Finish();
        yaml.Finish();
        return schedule;
    }

    private static LinearDowntime Linear(YamlSection yaml)
    {
        yaml.Require("max", "steps", "delayPerGiB");
        return new LinearDowntime
        {
            Max = yaml.Time("max") ?? default,
            Steps = yaml.Number("steps") ?? 0,
            DelayPerGiB = yaml.Time("delayPerGiB") ?? default,
        };
    }

    private static RampedDowntime Ramped(YamlSection yaml)
    {
        var otherwise = new RampedDowntime();
        return new RampedDowntime
        {
            Initial = yaml.Time("initial") ?? otherwise.Initial,
            Max = yaml.Time("max") ?? otherwise.Max,
            Steps = yaml.Number("steps") ?? otherwise.Steps,
            StartAfterIteration = yaml.Number("startAfterIteration") ?? otherwise.StartAfterIteration,
            Cooldown = yaml.Time("cooldown") ?? otherwise.Cooldown,
        };
    }

    private static DoublingDowntime Doubling(YamlSection yaml)
    {
        var otherwise = new DoublingDowntime();
        return new DoublingDowntime
        {
            Initial = yaml.Time("initial") ?? otherwise.Initial,
            Max = yaml.Time("max") ?? otherwise.Max,
            Tolerated = yaml.Number("tolerated") ?? otherwise.Tolerated,
            Interval = yaml.Time("interval") ?? otherwise.Interval,
        };
    }

    private static ConvergenceSchedule Convergence(YamlSection yaml)
    {
        var schedule = new ConvergenceSchedule { Steps = [.. yaml.Sections("steps").Select(Step).OfType<ConvergenceStep>()] };
        if (yaml.Time("interval") is { } interval)
            schedule = schedule with { Interval = interval };
        yaml.Finish();
        return schedule;
    }

    private static ConvergenceStep? Step(YamlSection yaml)
    {
        var (iteration, after) = (yaml.Number("afterIteration"), yaml.Time("after"));
        PolicyDecision? action = yaml.OneOf("downtime", "bandwidth", "action") switch
        {
            "downtime" => yaml.Time("downtime") is { } downtime ? new PolicyDecision.SetMaxDowntime(downtime) : null,
            "bandwidth" => yaml.Rate("bandwidth") is { } bandwidth ? new PolicyDecision.SetBandwidth(bandwidth) : null,
            "action" => Action(yaml.Choice<StepAction>("action")),
            _ => null,
        };
        yaml.Finish();
        return action is null ? null : new ConvergenceStep { AfterIteration = iteration, After = after, Action = action };
    }

    private static PolicyDecision? Action(StepAction? action) => action switch
    {
        StepAction.PostCopy => new PolicyDecision.StartPostCopy(),
        StepAction.Suspend => new PolicyDecision.Suspend(),
        StepAction.Abort => new PolicyDecision.Abort(AbortCause.NotConverging),
        _ => null,
    };

    private static CompletionTimeout Timeout(YamlSection yaml)
    {
        var timeout = new CompletionTimeout
        {
            PerGiB = yaml.Time("perGiB"),
            After = yaml.Time("after"),
            Action = yaml.Choice<CompletionAction>("action") ?? CompletionAction.Abort,
            AbortAtFactor = yaml.Fraction("abortAtFactor"),
        };
        yaml.Finish();
        return timeout;
    }

    private static StallDetection Stall(YamlSection yaml)
    {
        var otherwise = new StallDetection();
        var stall = new StallDetection
        {
            MaxDowntime = yaml.Time("maxDowntime") ?? otherwise.MaxDowntime,
            StallMargin = yaml.Number("stallMargin") ?? otherwise.StallMargin,
            StallProgressTimeout = yaml.Time("stallProgressTimeout") ?? otherwise.StallProgressTimeout,
            SwitchoverTimeout = yaml.Time("switchoverTimeout") ?? otherwise.SwitchoverTimeout,
            EwmaAlpha = yaml.Fraction("ewmaAlpha") ?? otherwise.EwmaAlpha,
            PrecopyPossibleFactor = yaml.Fraction("precopyPossibleFactor") ?? otherwise.PrecopyPossibleFactor,
            PatienceWindowDecayFactor = yaml.Fraction("patienceWindowDecayFactor") ?? otherwise.PatienceWindowDecayFactor,
            SearchLocalMinima = yaml.Flag("searchLocalMinima") ?? otherwise.SearchLocalMinima,
            CompletionTimeoutFactor = yaml.Fraction("completionTimeoutFactor") ?? otherwise.CompletionTimeoutFactor,
        };
        yaml.Finish();
        return stall;
    }

    private static AdaptiveControl Adaptive(YamlSection yaml)
    {
        var otherwise = new AdaptiveControl();
        var adaptive = new AdaptiveControl
        {
            MaxDowntime = yaml.Time("maxDowntime") ?? otherwise.MaxDowntime,
            PauseWeight = yaml.Fraction("pauseWeight") ?? otherwise.PauseWeight,
            ThrottleWeight = yaml.Fraction("throttleWeight") ?? otherwise.ThrottleWeight,
            PostCopyWeight = yaml.Fraction("postCopyWeight") ?? otherwise.PostCopyWeight,
            TimeWeight = yaml.Fraction("timeWeight") ?? otherwise.TimeWeight,
        };
        yaml.Finish();
        return adaptive;
    }
}
