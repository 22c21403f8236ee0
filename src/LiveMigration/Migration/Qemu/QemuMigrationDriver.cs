using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Tracing;
using LiveMigration.Units;

namespace LiveMigration.Migration.Qemu;

/// <summary>A migration between two QEMUs without libvirt: this client has both of them do what libvirt's daemons would.</summary>
internal sealed class QemuMigrationDriver : IMigrationDriver
{
    /// <summary>How often the source is asked how it stands, beside its events.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a QEMU may take to answer an order that others wait for.</summary>
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    /// <summary>How long what could not go on may take to be aborted.</summary>
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(30);

    /// <summary>How often the source may say that nothing was begun, after an order to begin whose answer was lost.</summary>
    private const int NotBegunLimit = 10;

    /// <summary>From this QEMU on, a destination that fails can stay and say why.</summary>
    private static readonly Version StaysOnError = new(9, 1);

    /// <summary>From this QEMU on, it refuses itself to cancel a post-copy, which would lose the guest.</summary>
    private static readonly Version RefusesCancel = new(10, 0);

    private readonly MigrationRun _run;
    private readonly QemuMigrationPlan _plan;
    private readonly QemuSignals _signals;
    private readonly QemuHandOver _handOver;
    private readonly QemuMirrors _mirrors;
    private bool _switching;
    private bool _armed;

    internal QemuMigrationDriver(MigrationRun run, QemuMigrationPlan plan)
    {
        (_run, _plan) = (run, plan);
        _signals = new QemuSignals(plan.Source, run.Time);
        _handOver = new QemuHandOver(run, plan, _signals);
        _mirrors = new QemuMirrors(plan);
    }

    public ChannelReader<MigrationSignal> Signals => _signals.Reader;

    public Task PeerLost { get; } = new TaskCompletionSource().Task;

    public bool IsDestinationReady { get; private set; }

    private QemuProcess Source => _plan.Source;

    private QemuProcess Destination => _plan.Destination;

    public Task OpenAsync() => _signals.OpenAsync();

    public async Task<Task<DriverFailure?>> BeginAsync(bool rejoin, CancellationToken stop)
    {
        var destination = await Destination.MonitorAsync(stop).ConfigureAwait(false);
        if (rejoin)
            await destination.RecoverPostCopyAsync(_plan.IncomingUri ?? _plan.Uri, stop).ConfigureAwait(false);
        else if (_plan.IncomingUri is { } incoming)
            await destination.MigrateIncomingAsync(incoming, destination.QemuVersion >= StaysOnError ? false : null, stop).ConfigureAwait(false);
        IsDestinationReady = true;
        var uri = QemuUri.WithPort(_plan.Uri, (await destination.QueryMigrationAsync(stop).ConfigureAwait(false)).SocketAddress);
        stop.ThrowIfCancellationRequested();
        var attempt = SendAsync(uri, rejoin, stop);
        _run.Background = attempt;
        return attempt;
    }

    public async Task<DriverFailure> ExplainAsync(DriverFailure failure, MigrationStatistics? last)
    {
        // The source knows of a destination that cannot load the guest only that the line broke.
        if (failure.Error is QmpException { Command: not "migrate" } || await ReasonAsync(Destination).ConfigureAwait(false) is not { } reason)
            return failure;
        var more = reason.StartsWith("load of migration failed", StringComparison.Ordinal) ? " What it could not load stands on the standard error of that QEMU." : "";
        return new DriverFailure(new LiveMigrationException(
            QmpFaults.ClassifyStream(reason) ?? failure.Error.Fault, $"{_plan.DestinationName}: {reason.TrimEnd('.')}.{more}", _plan.DestinationName, failure.Error));
    }

    public Task<string?> FallBackAsync(DriverFailure failure, MigrationStatistics? last) => Task.FromResult<string?>(null);

    public async Task<bool?> IsUnderWayAsync()
    {
        try
        {
            var monitor = await Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
            return _mirrors.IsActive || QemuStatus.IsUnderWay(await monitor.QueryMigrationStatusAsync().ConfigureAwait(false));
        }
        catch (LiveMigrationException)
        {
            return Source.HasEnded ? false : null;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public async Task<MigrationStatistics?> QueryAsync()
    {
        try
        {
            var monitor = await Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
            var info = await monitor.QueryMigrationAsync().ConfigureAwait(false);
            if (!_mirrors.IsActive)
                return QemuStatus.IsUnderWay(info.Status) ? QemuStatistics.Of(info) : null;
            var (done, total, _) = await _mirrors.QueryAsync().ConfigureAwait(false);
            return QemuStatistics.WithDisks(QemuStatus.IsUnderWay(info.Status) ? QemuStatistics.Of(info) : new MigrationStatistics { MemoryTotal = Source.Memory, MemoryRemaining = Source.Memory }, done, total);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            return null; // Silence is counted.
        }
    }

    public async Task<IReadOnlyDictionary<string, bool>> QueryMirrorsAsync() =>
        _mirrors.IsActive ? (await _mirrors.QueryAsync().ConfigureAwait(false)).Copying : new Dictionary<string, bool>();

    public async Task<GuestPresence> LookAsync(Side side, CancellationToken cancellationToken = default)
    {
        var guest = await QemuPresence.AskAsync(side is Side.Source ? Source : Destination, cancellationToken).ConfigureAwait(false);
        if (guest.IsExecuting || guest.IsGone)
            return guest;
        // What is left of it at the source is the past, and must not go on; nobody but us knows that the other one has, or may have.
        if (side is Side.Source)
            return _handOver.IsDone || (_handOver.MayHaveRun && guest is { IsReachable: true, IsPostCopy: false }) ? new GuestPresence(GuestState.MigratedAway, guest.Words) : guest;
        // It runs only when it is told to, and was not: whatever it has received, the guest is not there.
        return !_handOver.IsDone && !_handOver.MayHaveRun && !_armed ? new GuestPresence(GuestState.ShutOff, $"{guest}, never started") : guest;
    }

    public async Task AbortAsync()
    {
        var monitor = await Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
        var status = await monitor.QueryMigrationStatusAsync().ConfigureAwait(false);
        // An older QEMU cancels in post-copy as well, and has the guest's old half run: the switch may happen until it has been told.
        if (QemuStatus.IsPostCopy(status) || (_switching && status is not "pre-switchover" && !(monitor.QemuVersion >= RefusesCancel)))
            throw new LiveMigrationException(Faults.CannotAbortPostCopy, $"'{_run.Name}' switches to post-copy, or has: it cannot be aborted any more.", _run.Source);
        // The destination may have all of it, and start by itself where it was told to.
        if (status is "device" && _armed)
            throw new LiveMigrationException(Faults.QemuStateWrong, $"'{_run.Name}' is being handed over: it cannot be aborted now.", _run.Source);
        if (!QemuStatus.IsUnderWay(status) && _mirrors.IsActive)
            return; // Who waits for the disks has been told.
        if (!QemuStatus.IsUnderWay(status))
            throw new LiveMigrationException(Faults.NoMigration, $"{_run.Source}: no migration of '{_run.Name}' is running.", _run.Source);
        await monitor.CancelMigrationAsync().ConfigureAwait(false);
    }

    public async Task StartPostCopyAsync(CancellationToken cancellationToken = default)
    {
        var source = await Source.MonitorAsync(cancellationToken).ConfigureAwait(false);
        // It is to run at once when it is told to, not after one more question of ours.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Answer);
        _switching = true;
        try
        {
            if (_plan.Executes)
            {
                _armed = true;
                await (await Destination.MonitorAsync(limit.Token).ConfigureAwait(false)).ContinueAsync(limit.Token).ConfigureAwait(false);
            }

            await source.StartPostCopyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (QmpException)
        {
            _switching = false;
            await DisarmAsync().ConfigureAwait(false);
            throw;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _switching = false;
            throw new LiveMigrationException(Faults.MonitorSilent, $"{_plan.DestinationName} did not answer within {new Duration(Answer)}: '{_run.Name}' was not switched to post-copy.", _plan.DestinationName);
        }
    }

    /// <summary>The destination is not to start by itself after all.</summary>
    private async Task DisarmAsync()
    {
        using var limit = new CancellationTokenSource(Answer);
        try
        {
            await (await Destination.MonitorAsync(limit.Token).ConfigureAwait(false)).StopAsync(limit.Token).ConfigureAwait(false);
            _armed = false;
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            // It stays armed, as far as anybody knows.
        }
    }

    public async Task PausePostCopyAsync(CancellationToken cancellationToken = default)
    {
        var there = await LookAsync(Side.Destination, cancellationToken).ConfigureAwait(false);
        if (there is not { IsExecuting: true, IsPostCopy: true })
            throw new LiveMigrationException(Faults.CannotPausePostCopy, $"{_run.Destination} reports '{_run.Name}' as: {there}. Until it runs there in post-copy, pausing would lose it.", _run.Destination);
        await (await Source.MonitorAsync(cancellationToken).ConfigureAwait(false)).PausePostCopyAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task SuspendAsync()
    {
        _signals.IsSuspended = true;
        await (await Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false)).StopAsync().ConfigureAwait(false);
    }

    public async Task SetBandwidthAsync(Bandwidth total)
    {
        var (memory, disks) = BandwidthBudget.Split(total, await QueryMirrorsAsync().ConfigureAwait(false));
        await SetAsync("max-bandwidth", memory.BytesPerSecond).ConfigureAwait(false);
        await _mirrors.SetSpeedAsync(disks).ConfigureAwait(false);
        _run.Limit = total;
    }

    public Task SetDowntimeAsync(Duration limit) => limit.Milliseconds is >= 1 and <= 2_000_000
        ? SetAsync("downtime-limit", (long)limit.Milliseconds)
        : throw new LiveMigrationException(Faults.OutOfRange, $"The downtime must be 1 ms to 2000 s, not {limit}.", _run.Source);

    /// <summary>A run that was left goes on: its hand-over needs what is heard.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_run.Background.IsCompleted)
            await _signals.DisposeAsync().ConfigureAwait(false);
        else
            _ = _run.Background.ContinueWith(_ => _signals.DisposeAsync().AsTask(), TaskScheduler.Default);
    }

    private async Task SetAsync(string parameter, object value)
    {
        var monitor = await Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
        await monitor.SetMigrationParameterAsync(parameter, value).ConfigureAwait(false);
    }

    /// <summary>Copies the disks, sends the guest and hands it over. What is in the way of it is a failure, and leaves no copy behind that goes on.</summary>
    private async Task<DriverFailure?> SendAsync(string uri, bool rejoin, CancellationToken stop)
    {
        try
        {
            if (!rejoin && _plan.Copies.Count > 0)
                await CopyDisksAsync(stop).ConfigureAwait(false);
            var source = await Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
            Tracer.Say($"'{_run.Name}': {Source.Address} sends to {uri}.");
            try
            {
                await source.MigrateAsync(uri, rejoin, CancellationToken.None).ConfigureAwait(false);
            }
            catch (LiveMigrationException error) when (error is not QmpException && !Source.HasEnded)
            {
                // Whether it has begun, the source says when its monitor is connected again.
            }

            var failure = await EndAsync(rejoin, stop).ConfigureAwait(false);
            if (failure is not null && failure.Error.Fault != Faults.PostCopyBroken)
                await _mirrors.AbandonAsync().ConfigureAwait(false);
            return failure;
        }
        catch (LiveMigrationException error)
        {
            await GiveUpAsync().ConfigureAwait(false);
            await _mirrors.AbandonAsync().ConfigureAwait(false);
            return new DriverFailure(error);
        }
        catch (OperationCanceledException)
        {
            await GiveUpAsync().ConfigureAwait(false);
            await _mirrors.AbandonAsync().ConfigureAwait(false);
            return new DriverFailure(new LiveMigrationException(Faults.Stopped, "it was stopped while its disks were copied.", _plan.SourceName));
        }
        catch (ObjectDisposedException error)
        {
            return new DriverFailure(new LiveMigrationException(Faults.MonitorClosed, error.Message, _plan.SourceName, error));
        }
    }

    /// <summary>What cannot go on is not left half done: a guest that stands still for it runs again.</summary>
    private async Task GiveUpAsync()
    {
        for (var until = _run.Elapsed + AbortPatience; _run.Elapsed < until && !Source.HasEnded; await Task.Delay(Interval, _run.Time).ConfigureAwait(false))
        {
            try
            {
                var monitor = await Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
                if (!QemuStatus.IsUnderWay(await monitor.QueryMigrationStatusAsync().ConfigureAwait(false)))
                    return;
                await AbortAsync().ConfigureAwait(false);
            }
            catch (LiveMigrationException)
            {
                // It cannot be aborted yet, or nobody answers yet.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <summary>Memory is sent when all disks have been copied once, as it changes faster than they do.</summary>
    private async Task CopyDisksAsync(CancellationToken stop)
    {
        Tracer.Say($"'{_run.Name}': copying {string.Join(", ", _plan.Copies)}.");
        await _mirrors.StartAsync(stop).ConfigureAwait(false);
        while (!await AreCopiedAsync().ConfigureAwait(false))
        {
            stop.ThrowIfCancellationRequested();
            await _signals.NextAsync(Interval).ConfigureAwait(false);
        }

        stop.ThrowIfCancellationRequested();
        await _mirrors.MakeSynchronousAsync().ConfigureAwait(false);
    }

    /// <summary>Whether the disks are; a monitor that is lost for a while does not end a copy that goes on without it.</summary>
    private async Task<bool> AreCopiedAsync()
    {
        try
        {
            return await _mirrors.AreReadyAsync().ConfigureAwait(false);
        }
        catch (LiveMigrationException error) when (IsSilence(error))
        {
            return false;
        }
    }

    /// <summary>Whether an error is of our connection to the source alone.</summary>
    private bool IsSilence(LiveMigrationException error) => !Source.HasEnded
        && (error.Fault == Faults.MonitorLost || error.Fault == Faults.MonitorUnreachable || error.Fault == Faults.MonitorSilent || error.Fault == Faults.HostUnreachable);

    /// <summary>The guest stands still: the disks are made the same, and the rest is sent. With a lost monitor it is tried again.</summary>
    private async Task SwitchOverAsync(CancellationToken stop)
    {
        try
        {
            await _mirrors.FinishAsync(stop).ConfigureAwait(false);
            await (await Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false)).ContinueMigrationAsync("pre-switchover", CancellationToken.None).ConfigureAwait(false);
        }
        catch (LiveMigrationException error) when (error is not QmpException && IsSilence(error))
        {
            // The source still waits, and says so.
        }
    }

    /// <summary>Waits for the source's word, and hands over when it is that all was sent.</summary>
    private async Task<DriverFailure?> EndAsync(bool rejoin, CancellationToken stop)
    {
        var (notBegun, isBroken) = (0, rejoin);
        while (true)
        {
            QmpMigrationInfo? info = null;
            try
            {
                var monitor = await Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
                info = await monitor.QueryMigrationAsync(CancellationToken.None).ConfigureAwait(false);
                // It may have been told to abort before there was anything to abort.
                if (stop.IsCancellationRequested && !_switching && info.Status is "setup" or "active" or "pre-switchover")
                    await monitor.CancelMigrationAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (LiveMigrationException error) when (Source.HasEnded)
            {
                return new DriverFailure(new LiveMigrationException(Faults.SourceQemuFailed, $"{_plan.SourceName}: QEMU ended while it sent '{_run.Name}'.", _plan.SourceName, error));
            }
            catch (LiveMigrationException)
            {
                // Its monitor is connected again, or whoever is impatient gives it up.
            }
            catch (ObjectDisposedException error)
            {
                return new DriverFailure(new LiveMigrationException(Faults.MonitorClosed, error.Message, _plan.SourceName, error));
            }

            if (QemuStatus.IsPostCopy(info?.Status))
            {
                _handOver.SwitchedToPostCopy();
                _signals.Add(new MigrationSignal.PostCopyBegan()); // Its event may have been missed.
            }

            // A half that is to be joined is what it was until it has reached the other.
            isBroken &= info is null or { Status: "postcopy-paused" };
            switch (info?.Status)
            {
                case "postcopy-paused" when isBroken && ++notBegun <= 2 * NotBegunLimit:
                    break;
                case null or "none" when info is not null && ++notBegun > NotBegunLimit:
                    return new DriverFailure(new LiveMigrationException(Faults.MigrationFailed, $"{_plan.SourceName}: QEMU did not begin.", _plan.SourceName));
                case "pre-switchover":
                    await SwitchOverAsync(stop).ConfigureAwait(false);
                    break;
                case "completed":
                    return await _handOver.RunAsync(QemuStatistics.Of(info)).ConfigureAwait(false);
                case "failed":
                    return new DriverFailure(new LiveMigrationException(
                        QmpFaults.ClassifyStream(info.ErrorDesc ?? "") ?? Faults.MigrationFailed,
                        $"{_plan.SourceName}: {info.ErrorDesc?.TrimEnd('.', ' ') ?? "QEMU does not say why"}.",
                        _plan.SourceName));
                case "cancelled":
                    return new DriverFailure(new LiveMigrationException(Faults.Stopped, $"{_plan.SourceName}: the migration was cancelled.", _plan.SourceName));
                case "postcopy-paused":
                    return new DriverFailure(new LiveMigrationException(Faults.PostCopyBroken, $"{_plan.SourceName} lost its connection to {_plan.DestinationName}.", _plan.SourceName));
            }

            await _signals.NextAsync(Interval).ConfigureAwait(false);
        }
    }

    /// <summary>Why a QEMU could not receive; null where it does not say, or is gone.</summary>
    private static async Task<string?> ReasonAsync(QemuProcess process)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            return await (await process.MonitorAsync(limit.Token).ConfigureAwait(false)).QueryMigrationErrorAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException or OperationCanceledException)
        {
            return null;
        }
    }
}
