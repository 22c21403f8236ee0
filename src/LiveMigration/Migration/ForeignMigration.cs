using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Monitoring;

namespace LiveMigration.Migration;

/// <summary>Watches a migration that another tool, or an earlier process, started.</summary>
internal sealed class ForeignMigration(MigrationRun run)
{
    /// <summary>The event of the end may come a little after the end.</summary>
    private static readonly TimeSpan EventPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the source may be silent without a break: longer than a daemon's restart or a switch's, and not for ever.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    private readonly Channel<DomainEvent> _events = Channel.CreateUnbounded<DomainEvent>();
    private readonly MigrationMonitor _monitor = new(run);

    internal async Task<MigrationResult> RunAsync()
    {
        LiveMigrationException? error = null;
        try
        {
            _ = await run.Domain.Host.ControlAsync(CancellationToken.None).ConfigureAwait(false);
            using var listening = run.Domain.Host.Events.Listen(_events.Writer);
            if (run.Domain.Status.IsPostCopy)
                _monitor.ResumePostCopy();
            await _monitor.WatchAsync(JobEnd.WaitAsync(run, Silence), new TaskCompletionSource<CloseReason>().Task, _events.Reader).ConfigureAwait(false);
            await _monitor.DrainAsync(_events.Reader, EventPatience).ConfigureAwait(false);
        }
        catch (LiveMigrationException failed)
        {
            error = failed;
        }

        var report = new MigrationReport(run, _monitor);
        if (run.Detached.IsCompleted)
            return report.Detached();
        run.Enter(MigrationPhase.Verifying);
        var settlement = await Settlement.ReachAsync(
            run.Domain.Uuid, run.Domain.Host, run.DestinationHost, Judge, TimeSpan.FromSeconds(15), CancellationToken.None).ConfigureAwait(false);
        var result = settlement.Verdict is MigrationVerdict.Moved ? report.Moved(error, []) : report.NotMoved(settlement, error);
        run.Enter(MigrationPhase.Ended, complete: result.Outcome is MigrationOutcome.Completed);
        return result;
    }

    /// <summary>Without a known destination the source alone must tell: a domain that left it by migration has moved.</summary>
    private MigrationVerdict Judge(Placement source, Placement destination)
    {
        const int Migrated = 4;
        if (run.DestinationHost is not null)
            return _monitor.Ending(Whereabouts.Judge(source, destination, mayBePaused: true));
        var left = source.Status is { State: Domains.DomainState.ShutOff, ReasonCode: Migrated }
            || (source is { IsReachable: true, Status: null } && _monitor.Completed is { Type: JobType.Completed });
        // A guest in post-copy has its other half somewhere, though nobody can be asked about it.
        var elsewhere = source.Status is { IsPostCopy: true } ? Placement.Unreachable : Placement.Absent;
        return left ? MigrationVerdict.Moved : _monitor.Ending(Whereabouts.Judge(source, elsewhere, mayBePaused: true));
    }
}
