using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Monitoring;

namespace LiveMigration.Migration;

/// <summary>Watches a migration that another tool, or an earlier process, started.</summary>
internal sealed class ObservedMigration(MigrationRun run, IMigrationDriver driver)
{
    /// <summary>The signal of the end may come a little after the end.</summary>
    private static readonly TimeSpan SignalPatience = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(15);

    /// <summary>How long the source may be silent without a break: longer than a daemon's restart or a switch's, and not for ever.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    private readonly MigrationSupervisor _supervisor = new(run, driver);

    internal async Task<MigrationResult> RunAsync()
    {
        await using var _ = driver.ConfigureAwait(false);
        LiveMigrationException? error = null;
        try
        {
            await driver.OpenAsync().ConfigureAwait(false);
            if (run.Guest.IsPostCopy)
                _supervisor.ResumePostCopy();
            await _supervisor.WatchAsync(JobEnd.WaitAsync(run, driver, Silence)).ConfigureAwait(false);
            await _supervisor.DrainAsync(SignalPatience).ConfigureAwait(false);
        }
        catch (LiveMigrationException failed)
        {
            error = failed;
        }
        catch (ObjectDisposedException failed)
        {
            error = new LiveMigrationException(Faults.ConnectionLost, failed.Message, run.Source, failed);
        }

        var report = new MigrationReport(run, _supervisor);
        if (run.Detached.IsCompleted)
            return report.Detached();
        run.Enter(MigrationPhase.Verifying);
        var outcome = await OutcomeProbe.ReachAsync(driver, Judge, over: false, ProbePatience, run.Time).ConfigureAwait(false);
        var result = outcome.Verdict is MigrationVerdict.Moved ? report.Moved(error, []) : report.NotMoved(outcome, error);
        run.Enter(MigrationPhase.Ended, complete: result.Outcome is MigrationOutcome.Completed);
        return result;
    }

    private MigrationVerdict Judge(GuestPresence source, GuestPresence destination) => _supervisor.Ending(
        run.Destination is not null
            ? OutcomeRules.Judge(source, destination, mayBePaused: true)
            : OutcomeRules.JudgeSourceAlone(source, _supervisor.Completed is not null));
}
