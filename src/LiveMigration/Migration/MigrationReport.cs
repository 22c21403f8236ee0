using LiveMigration.Errors;

namespace LiveMigration.Migration;

/// <summary>Puts the result together: numbers from the job, words from the verdict.</summary>
internal sealed class MigrationReport(MigrationRun run, MigrationSupervisor supervisor)
{
    private static readonly HashSet<Fault?> LineBroken = [Faults.ConnectionLost, Faults.StreamBroken, Faults.DestinationQemuFailed, Faults.HostUnreachable, Faults.HostNotAnswering];

    /// <summary>The domain is on the destination, whatever libvirt's call said.</summary>
    internal MigrationResult Moved(LiveMigrationException? error, IReadOnlyList<VerifiedFact> verified)
    {
        if (error is not null)
            run.Notice($"'{run.Name}' was migrated, although an error was reported: {error.Message}");
        if (run.StopReason is not StopReason.None)
            run.Notice($"It was too late to stop the migration of '{run.Name}': it had completed.");
        return Result(MigrationOutcome.Completed, MigrationVerdict.Moved) with { Verified = verified };
    }

    /// <summary>The run was left to go on by itself.</summary>
    internal MigrationResult Detached() => Result(
        MigrationOutcome.Detached, supervisor.SawPostCopy ? MigrationVerdict.InPostCopy : MigrationVerdict.Unsettled);

    internal MigrationResult NotMoved(OutcomeProbe outcome, LiveMigrationException? error)
    {
        var (fault, cause, host) = Cause(outcome, error);
        var whereabouts = Whereabouts(outcome);
        var asked = run.StopReason is StopReason.Requested && outcome.Verdict is MigrationVerdict.Stayed or MigrationVerdict.StayedPaused;
        return Result(asked ? MigrationOutcome.Cancelled : MigrationOutcome.Failed, outcome.Verdict) with
        {
            Error = $"The migration of '{run.Name}' from {run.Source} to {run.Destination ?? "another host"} {cause} {whereabouts}",
            Fault = fault,
            FaultHost = host,
        };
    }

    private (Fault Fault, string Cause, string Host) Cause(OutcomeProbe outcome, LiveMigrationException? error)
    {
        var destination = run.Destination ?? "the destination";
        switch (outcome.Verdict)
        {
            case MigrationVerdict.Lost:
                return (Faults.DomainLost, $"failed, and the domain was lost: {Words(error)}", run.Source);
            case MigrationVerdict.ShutOff:
                return (Faults.DomainShutOff, "ended because the domain was shut off in the meantime, by its guest or by a user.", run.Source);
            case MigrationVerdict.Twice:
                return (Faults.RunsTwice, $"left two running copies: {Words(error)}", run.Source);
            case MigrationVerdict.PostCopyBroken:
                return (Faults.PostCopyBroken, $"broke in post-copy: {Words(error)}", run.Source);
            case MigrationVerdict.InPostCopy or MigrationVerdict.Unsettled:
                return (Faults.OutcomeUnknown, $"has an unknown outcome: {Words(error)}", error?.Host ?? run.Source);
        }

        return run.StopReason switch
        {
            StopReason.Requested => (Faults.Stopped, "was stopped as requested.", run.Source),
            _ when run is { Policy: { } policy, PolicyReason: { } why } =>
                (run.StopReason is StopReason.Timeout ? Faults.Timeout : Faults.NotConverging, $"was aborted by the policy '{policy.Policy.Name}': {why}", run.Source),
            StopReason.Timeout => (Faults.Timeout, $"was aborted after -Timeout {run.Options.Timeout}.", run.Source),
            // Why nothing moves, where one of the hosts is silent, is no question.
            StopReason.Stalled when outcome.IsDestinationSilent && run.Destination is not null =>
                (Faults.DestinationDaemonLost, $"was aborted: no progress for {run.Options.StallTimeout}.", destination),
            StopReason.Stalled => (Faults.Stalled, $"was aborted: no progress for {run.Options.StallTimeout}.", destination),
            StopReason.NotPrepared => (Faults.Stalled, $"was aborted: {destination} was still preparing after -PrepareTimeout {run.Options.PrepareTimeout}.", destination),
            StopReason.DestinationLost => (Faults.DestinationDaemonLost, $"was aborted: the connection to libvirt's daemon on {destination} was lost.", destination),
            // The source complains of a broken line, or we asked before it did; the host at its other end is the one that says nothing any more.
            _ when LineBroken.Contains(error?.Fault) && run.Destination is not null && outcome.IsDestinationSilent =>
                (Faults.DestinationDaemonLost, $"failed: {Words(error)}", destination),
            _ => (error?.Fault ?? Faults.MigrationFailed, $"failed: {Words(error)}", error?.Fault == Faults.DestinationQemuFailed ? destination : error?.Host ?? run.Source),
        };
    }

    private string Whereabouts(OutcomeProbe outcome) => outcome.Verdict switch
    {
        MigrationVerdict.Stayed when outcome.Destination.IsReachable || run.Destination is null =>
            $"The domain is still on {run.Source}: {outcome.Source}.",
        MigrationVerdict.Stayed => $"The domain is still on {run.Source}: {outcome.Source}; {run.Destination} does not answer.",
        MigrationVerdict.StayedPaused => $"The domain was left paused on {run.Source} and is resumed there.",
        _ => $"{run.Source} reports: {outcome.Source}; {run.Destination ?? "the destination"} reports: {outcome.Destination}.",
    };

    private static string Words(LiveMigrationException? error) => error switch
    {
        null => "no error was reported.",
        LibvirtException libvirt => libvirt.LibvirtMessage.TrimEnd('.') + ".",
        _ => error.Message,
    };

    private MigrationResult Result(MigrationOutcome outcome, MigrationVerdict verdict)
    {
        var last = supervisor.Last;
        var transferred = last?.Transferred ?? last?.MemoryTransferred;
        var time = last?.Elapsed is { Ticks: > 0 } elapsed ? elapsed : run.Elapsed;
        return new MigrationResult
        {
            Name = run.Name,
            Uuid = run.Uuid,
            Outcome = outcome,
            Verdict = verdict,
            Source = run.Source,
            Destination = run.Destination,
            FinalName = run.Options.NewName ?? run.Name,
            Mode = run.Mode,
            Encrypted = run.Encrypted,
            StartTime = run.StartTime,
            TotalTime = run.Elapsed,
            Downtime = verdict is MigrationVerdict.Moved ? supervisor.Completed?.Downtime : null,
            SetupTime = last?.SetupTime,
            Transferred = transferred,
            Iterations = run.Passes(supervisor.Completed),
            MeanRate = transferred > 0 ? (long)(transferred / Math.Max(time.TotalSeconds, 0.001)) : null,
            DirtyRate = run.Progress.DirtyRate,
            Memory = last?.MemoryTotal,
            ZeroMemory = last?.ZeroMemory,
            LinkRate = run.Recorder.LinkRate,
            Throttle = run.Recorder.Throttle is > 0 and var throttle ? throttle : null,
            Passes = run.Recorder.Points,
            PostCopy = supervisor.SawPostCopy,
            Settings = run.Options,
            Notices = run.Notices,
        };
    }
}
