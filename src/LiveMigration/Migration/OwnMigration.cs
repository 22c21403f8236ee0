using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Migration.Reservations;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Tracing;
using LiveMigration.Units;

namespace LiveMigration.Migration;

/// <summary>Carries out a plan from the first call to the verdict.</summary>
internal sealed class OwnMigration(MigrationPlan plan, MigrationRun run)
{
    /// <summary>How long an aborted call may take to come back: libvirt's own keep-alive to a dead peer is 30 s.</summary>
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(45);

    /// <summary>How long a call may wait for the other half of a post-copy that broke.</summary>
    private static readonly TimeSpan BrokenPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a half may take to notice that it was parted from the other: a busy QEMU 7.2 took more than ten seconds.</summary>
    private static readonly TimeSpan PartedPatience = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan PreparingInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan EventPatience = TimeSpan.FromMilliseconds(500);

    private static readonly HashSet<Fault> CannotConnect =
    [
        Faults.DestinationUnreachableFromSource, Faults.HostNotFound, Faults.HostUnreachable, Faults.HostKeyRejected,
        Faults.AuthenticationFailed, Faults.CertificateRejected, Faults.ConnectionLost, Faults.UriInvalid,
    ];

    private readonly Channel<DomainEvent> _events = Channel.CreateUnbounded<DomainEvent>();
    private readonly MigrationMonitor _monitor = new(run);

    /// <summary>Whether our connection to the source was lost under the call: the hosts do without us, and know more than its error.</summary>
    private bool _lostTouch;

    internal async Task<MigrationResult> RunAsync()
    {
        using var span = Tracer.Begin("migrate", run.Source)?.SetTag("livemigration.domain", run.Name).SetTag("livemigration.destination", plan.Destination.Name);
        var result = await CarryOutAsync().ConfigureAwait(false);
        span?.SetTag("livemigration.outcome", result.Outcome.ToString()).SetTag("livemigration.mode", result.Mode.ToString());
        Tracer.Say($"'{run.Name}': {result.Outcome} after {new Units.Duration(result.TotalTime)}{(result.Downtime is { } downtime ? $", downtime {new Units.Duration(downtime)}" : "")}, {(result.Transferred is { } bytes ? $"{new Units.ByteSize(bytes)}" : "an unknown amount")} transferred in {result.Iterations} iterations, {result.Mode}{(result.PostCopy ? ", post-copy" : "")}.");
        return result;
    }

    private async Task<MigrationResult> CarryOutAsync()
    {
        LiveMigrationException? error;
        // Until it is known where the domain is.
        using var reserved = new Reserved(plan, run);
        var preparations = new Preparations(plan, run);
        try
        {
            _ = await plan.Source.ControlAsync(CancellationToken.None).ConfigureAwait(false);
            using var listening = plan.Source.Events.Listen(_events.Writer);
            await reserved.TakeAsync().ConfigureAwait(false);
            var start = Tracer.Now;
            await preparations.MakeAsync().ConfigureAwait(false);
            Tracer.Say($"'{run.Name}': prepared both hosts ({Tracer.Since(start)}).");
            run.Stopping.ThrowIfCancellationRequested();
            error = await AttemptAsync().ConfigureAwait(false);
            if (_lostTouch)
                error = await WatchOnAsync(error!).ConfigureAwait(false);
            if ((error is null || _lostTouch) && !plan.Options.Offline)
                await _monitor.DrainAsync(_events.Reader, EventPatience).ConfigureAwait(false);
        }
        catch (LiveMigrationException failed)
        {
            error = failed;
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            error = new LiveMigrationException(Faults.Stopped, "it was stopped before it started.", run.Source);
        }
#pragma warning disable CA1031 // A journal that cannot be written, a host that was disposed, or what nobody thought of: the guest has to be looked for all the same.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            error = new LiveMigrationException(Faults.MigrationFailed, failed.Message, run.Source, failed);
        }

        if (run.Detached.IsCompleted)
        {
            await preparations.LeaveAsync().ConfigureAwait(false);
            return new MigrationReport(run, _monitor).Detached();
        }

        run.Enter(MigrationPhase.Verifying);
        if (error is not null)
            Tracer.Say($"'{run.Name}': libvirt ended the migration: {error.Message}");
        var asked = Tracer.Now;
        var settlement = await SettleAsync(error).ConfigureAwait(false);
        Tracer.Say($"'{run.Name}': asked both hosts where it is: {run.Source}: {settlement.Source}; {plan.Destination.Name}: {settlement.Destination}; so: {settlement.Verdict} ({Tracer.Since(asked)}).");
        if (settlement.Verdict is MigrationVerdict.PostCopyBroken && plan.Options.RecoverPostCopy)
            (settlement, error) = await RecoverAsync(settlement, error).ConfigureAwait(false);
        else if (plan.Flags.HasFlag(MigrateFlags.PostCopyResume))
            // While the other half has not noticed the break it refuses to be joined.
            (settlement, error) = await JoinAsync(plan, settlement, error, PartedPatience, failed => failed?.Fault == Faults.PostCopyBroken).ConfigureAwait(false);
        if (_lostTouch && settlement.Verdict is MigrationVerdict.Stayed && plan.Disks.Any(disk => disk.Transfer is not Storage.DiskTransfer.None))
            run.Notice($"The connection to {run.Source} was lost while disks of '{run.Name}' were copied. If its daemon ended, parts of the copy may be left in QEMU, and the next one fails: Test-MigrationReadiness -Check LM110 -AllowMonitor shows them, and Repair-MigrationReadiness removes them.");
        await preparations.PutBackAsync(settlement, _monitor.HasSuspended).ConfigureAwait(false);
        var report = new MigrationReport(run, _monitor);
        var result = settlement.Verdict is MigrationVerdict.Moved
            ? report.Moved(error, await new AfterMove(plan, run).CarryOverAsync(settlement, error is not null, _monitor.Pause).ConfigureAwait(false))
            : report.NotMoved(settlement, error);
        run.Enter(MigrationPhase.Ended, complete: result.Outcome is MigrationOutcome.Completed);
        return result;
    }

    /// <summary>As planned; where nothing has begun, again without what one of the hosts cannot do.</summary>
    private async Task<LiveMigrationException?> AttemptAsync()
    {
        while (true)
        {
            _monitor.BeginAgain();
            if (PlainStreams.Warning(plan) is { } warning)
                run.Notice(warning);
            var error = await PerformAsync(plan, run.Mode).ConfigureAwait(false);
            if (run.Stopping.IsCancellationRequested || _lostTouch)
                return error;
            // A daemon that speaks another language than ours is not understood: what it cannot do may be that it does not reach the other.
            if ((error?.Fault == Faults.DestinationUnreachableFromSource || (error?.Fault == Faults.LibvirtFailed && !_monitor.HasBegun))
                && plan.MayFallBack && run.Mode is MigrationMode.PeerToPeer)
            {
                run.Notice($"{error.Message} Nothing has been started yet: this client controls the migration instead and must keep running until it ends.");
                run.Mode = MigrationMode.Direct;
            }
            else if (error?.Fault == Faults.TlsNotSetUp && plan.MayGoUnencrypted)
            {
                run.Notice($"{error.Message} Nothing has been started yet: '{run.Name}' is migrated unencrypted instead.");
                plan = MigrationPlanner.Unencrypted(plan);
                run.Encrypted = false;
            }
            else if (error?.Fault == Faults.SourceNotResolving && plan.Options is { MigrationUri: null, Offline: false } && await AddressAsync().ConfigureAwait(false) is { } address)
            {
                run.Notice($"{error.Message} Nothing has been sent yet: '{run.Name}' is sent to {address}, where {plan.Destination.Name}'s daemon is reached, instead.");
                plan = MigrationPlanner.SentTo(plan, address, (await plan.Destination.GetInfoAsync(CancellationToken.None).ConfigureAwait(false)).MachineName);
            }
            else
            {
                return error;
            }
        }
    }

    /// <summary>Where the destination's daemon is reached: by its peer as that was told, by this client as it resolves the name. Null where that is a socket.</summary>
    private async Task<string?> AddressAsync()
    {
        if (run.Mode is MigrationMode.PeerToPeer && plan.PeerUri is { } peer)
            return HostUri.Parse(peer).Host is { Length: > 0 } host ? host : null;
        if (plan.Destination.Uri.IsLocal)
            return null;
        try
        {
            var found = await Dns.GetHostAddressesAsync(plan.Destination.Uri.Host.Trim('[', ']')).ConfigureAwait(false);
            return found.FirstOrDefault(address => !IPAddress.IsLoopback(address)) is { } first ? first.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{first}]" : $"{first}" : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The source is asked until its job has ended, its post-copy has broken, or it has been silent for so long that nobody can tell.</summary>
    private async Task<LiveMigrationException> WatchOnAsync(LiveMigrationException error)
    {
        Tracer.Say($"'{run.Name}': {error.Message} The migration continues between the hosts; asking {run.Source} for its progress.");
        var broken = BrokenAsync();
        var ended = Task.WhenAny(JobEnd.WaitAsync(run, plan.Options.StallTimeout.Value), GivenUpAsync(), broken);
        await _monitor.WatchAsync(ended, new TaskCompletionSource<CloseReason>().Task, _events.Reader).ConfigureAwait(false);
        return broken.IsCompleted ? Broken() : error;
    }

    private LiveMigrationException Broken() => new(Faults.PostCopyBroken, "the source lost its connection to the destination.", run.Source);

    private async Task<LiveMigrationException?> PerformAsync(MigrationPlan attempt, MigrationMode mode)
    {
        if (attempt.Flags.HasFlag(MigrateFlags.PostCopyResume))
            _monitor.ResumePostCopy();
        Tracer.Say($"'{run.Name}': calling libvirt's migration ({mode}{(mode is MigrationMode.PeerToPeer ? $" to {attempt.PeerUri}" : "")}) with {attempt.Flags}.");
        using var arrival = attempt.Options.Offline ? null : await Arrival.WatchAsync(attempt, CancellationToken.None).ConfigureAwait(false);
        // The halves of a broken post-copy are joined even after a request to stop: there is nothing to go back to.
        var stopping = attempt.Flags.HasFlag(MigrateFlags.PostCopyResume) ? CancellationToken.None : run.Stopping;
        using var call = await MigrationCall.StartAsync(attempt, mode, stopping).ConfigureAwait(false);
        // An abort that the daemons cannot answer must not hold us for ever: the verdict comes from asking both.
        var broken = BrokenAsync();
        var ended = Task.WhenAny(call.Ended, GivenUpAsync(), broken);
        await _monitor.WatchAsync(ended, call.DestinationLost, _events.Reader, arrival).ConfigureAwait(false);
        if (call.Ended.IsCompleted)
        {
            var error = await call.Ended.ConfigureAwait(false);
            _lostTouch = error is not null && mode is MigrationMode.PeerToPeer && !plan.Options.Offline && !run.Stopping.IsCancellationRequested
                && !await call.HasSourceAsync(error).ConfigureAwait(false);
            return _lostTouch ? error : await JudgeAsync(error, mode, attempt.Encrypted ? arrival : null).ConfigureAwait(false);
        }

        return broken.IsCompleted
            ? Broken()
            : new LiveMigrationException(
                Faults.HostNotAnswering,
                $"The daemons did not end the migration of '{run.Name}' within {new Units.Duration(AbortPatience)} after it was aborted.",
                run.Source);
    }

    /// <summary>Joins the halves of a broken post-copy again, as long as it takes for the link to come back.</summary>
    private async Task<(Settlement, LiveMigrationException?)> RecoverAsync(Settlement settlement, LiveMigrationException? error)
    {
        var resume = MigrationPlanner.ForResume(plan);
        run.Notice($"The connection was lost in post-copy, after '{run.Name}' had moved to {plan.Destination.Name}; the migration is resumed as soon as the connection is restored.");
        return await JoinAsync(resume, settlement, error, 10 * plan.Options.StallTimeout.Value, _ => true).ConfigureAwait(false);
    }

    private async Task<(Settlement, LiveMigrationException?)> JoinAsync(
        MigrationPlan resume, Settlement settlement, LiveMigrationException? error, TimeSpan patience, Func<LiveMigrationException?, bool> again)
    {
        var until = run.Elapsed + patience;
        while (settlement.Verdict is MigrationVerdict.PostCopyBroken && again(error) && run.Elapsed < until && !run.Detached.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            error = await PerformAsync(resume, run.Mode).ConfigureAwait(false);
            settlement = await SettleAsync(error).ConfigureAwait(false);
        }

        return (settlement, error);
    }

    private async Task BrokenAsync()
    {
        await _monitor.PostCopyBroken.ConfigureAwait(false);
        await Task.Delay(BrokenPatience).ConfigureAwait(false);
    }

    private async Task GivenUpAsync()
    {
        await run.StopRequested.ConfigureAwait(false);
        // libvirt looks for an abort when the destination has prepared, or has failed to.
        while (_monitor.IsPreparing && run.StopReason is not StopReason.NotPrepared)
            await Task.Delay(PreparingInterval).ConfigureAwait(false);
        await Task.Delay(AbortPatience).ConfigureAwait(false);
        if (_monitor.SawPostCopy)
            await new TaskCompletionSource().Task.ConfigureAwait(false); // It could not be stopped any more; its call ends by itself.
    }

    /// <summary>
    /// Before a byte was sent, an error is of QEMU's certificates, or, from the source's daemon and in connecting, of its way to
    /// the destination's daemon, not of ours.
    /// </summary>
    private async Task<LiveMigrationException?> JudgeAsync(LibvirtException? error, MigrationMode mode, Arrival? arrival)
    {
        if (error is null || run.StopReason is not StopReason.None)
            return error;
        if (arrival is not null && !_monitor.HasArrived && await TlsFailure.ExplainAsync(plan, error, arrival).ConfigureAwait(false) is { } tls)
            return tls;
        return mode is MigrationMode.PeerToPeer && !_monitor.HasBegun && CannotConnect.Contains(error.Fault)
            ? new LiveMigrationException(
                Faults.DestinationUnreachableFromSource,
                $"{plan.Source.Name} cannot connect to {plan.Destination.Name} at {plan.PeerUri}: {error.LibvirtMessage.TrimEnd('.')}.",
                plan.Source.Name,
                error)
            : error;
    }

    private Task<Settlement> SettleAsync(LiveMigrationException? error)
    {
        var mayBePaused = _monitor.HasSuspended || !plan.Domain.Status.IsExecuting;
        // A source that has fallen silent is given the time in which a daemon comes back.
        var patience = error is null || run.StopReason is not StopReason.None ? TimeSpan.FromSeconds(15) : plan.Options.StallTimeout.Value;
        return Settlement.ReachAsync(
            plan.Domain.Uuid,
            plan.Source,
            plan.Destination,
            (source, destination) => plan.Options.Offline
                // A definition that stays tells nothing of itself, and the destination may have had one before.
                ? error is not null && source.Status is not null ? MigrationVerdict.Stayed : Whereabouts.JudgeOffline(source, destination, plan.Options.KeepSource)
                : _monitor.Ending(Whereabouts.Judge(source, destination, mayBePaused)),
            patience,
            CancellationToken.None);
    }
}
