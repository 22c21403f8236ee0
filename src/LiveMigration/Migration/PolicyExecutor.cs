using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Monitoring;
using LiveMigration.Monitoring.Policies;

namespace LiveMigration.Migration;

/// <summary>Does what a policy decides and says why; what is refused, the policy is told.</summary>
internal sealed class PolicyExecutor(MigrationRun run, IMigrationDriver driver, ConvergencePolicy policy)
{
    private bool _failed;

    /// <summary>How often the policy wants to be asked.</summary>
    internal TimeSpan Interval => policy.Interval;

    /// <summary>Asks the policy and does as it says. Its deadlines hold for a silent host, too.</summary>
    /// <param name="fresh">Whether the progress is of now.</param>
    /// <param name="phase">How far the migration is.</param>
    /// <param name="elapsed">Time since it began.</param>
    /// <param name="suspend">Pauses the guest.</param>
    internal async Task FollowAsync(bool fresh, MigrationPhase phase, TimeSpan elapsed, Func<Task> suspend)
    {
        if (_failed)
            return;
        var sample = fresh ? PolicySample.From(run.Progress) with { Elapsed = elapsed } : new PolicySample { Elapsed = elapsed, Phase = phase };
        foreach (var decision in Decide(sample))
        {
            try
            {
                await DoAsync(decision, suspend).ConfigureAwait(false);
                run.Notice(decision.Reason);
            }
            catch (LiveMigrationException error)
            {
                run.Notice($"{decision.Reason} This failed: {error.Message}");
                policy.Refused(decision);
            }
        }
    }

    /// <summary>Arithmetic that fails on numbers that nobody thought of must not end the watch of a migration that runs.</summary>
    private IReadOnlyList<PolicyDecision> Decide(PolicySample sample)
    {
        try
        {
            return [.. policy.Decide(sample).Where(decision => decision is not PolicyDecision.Wait)];
        }
#pragma warning disable CA1031 // Whatever it is, the migration continues without the policy.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _failed = true;
            run.Notice($"The policy '{policy.Policy.Name}' failed, and the migration of '{run.Name}' continues without it: {error.GetType().Name}: {error.Message}");
            return [];
        }
    }

    private Task DoAsync(PolicyDecision decision, Func<Task> suspend)
    {
        switch (decision)
        {
            case PolicyDecision.SetMaxDowntime set:
                return driver.SetDowntimeAsync(set.Downtime);
            case PolicyDecision.SetBandwidth set:
                return driver.SetBandwidthAsync(set.Bandwidth);
            case PolicyDecision.StartPostCopy:
                return driver.StartPostCopyAsync();
            case PolicyDecision.Suspend:
                return suspend();
            case PolicyDecision.Abort abort:
                run.RequestStop(abort.Cause switch
                {
                    AbortCause.NoProgress => StopReason.Stalled,
                    AbortCause.NotConverging => StopReason.NotConverging,
                    _ => StopReason.Timeout,
                }, abort.Reason);
                return Task.CompletedTask;
            default:
                return Task.CompletedTask;
        }
    }
}
