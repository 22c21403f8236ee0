using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.Units;

namespace LiveMigration.Migration.Qemu;

/// <summary>A migration between two QEMUs without libvirt: this client has both of them do what libvirt's daemons would.</summary>
internal sealed class QemuMigrationDriver : IMigrationDriver
{
    private readonly MigrationRun _run;
    private readonly QemuMigrationPlan _plan;
    private readonly QemuSignals _signals;
    private readonly QemuHandOver _handOver;
    private readonly QemuMirrors _mirrors;
    private readonly QemuPostCopy _postCopy;
    private readonly QemuTransfer _transfer;

    private readonly QemuJournal _journal;
    private readonly QemuResumption? _how;

    /// <param name="run">The migration.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="journal">Where each step is written down.</param>
    /// <param name="how">How one that another process began is ended; null for a new one.</param>
    /// <param name="history">What that process had come to.</param>
    internal QemuMigrationDriver(MigrationRun run, QemuMigrationPlan plan, QemuJournal journal, QemuResumption? how, QemuHistory history)
    {
        (_run, _plan, _journal, _how) = (run, plan, journal, how);
        _signals = new QemuSignals(plan.Source, run.Time);
        _handOver = new QemuHandOver(run, plan, _signals, journal);
        _mirrors = new QemuMirrors(plan);
        _postCopy = new QemuPostCopy(run, plan, journal);
        _transfer = new QemuTransfer(run, plan, _signals, _mirrors, _postCopy, _handOver, journal);
        if (how is not null)
            Adopt(how.Value, history);
    }

    public ChannelReader<MigrationSignal> Signals => _signals.Reader;

    public Task PeerLost { get; } = new TaskCompletionSource().Task;

    public bool IsDestinationReady { get; private set; }

    private QemuProcess Source => _plan.Source;

    private QemuProcess Destination => _plan.Destination;

    /// <summary>There is nothing to be heard of a source that has ended.</summary>
    public Task OpenAsync() => Source.HasEnded ? Task.CompletedTask : _signals.OpenAsync();

    public async Task<Task<DriverFailure?>> BeginAsync(bool rejoin, CancellationToken stop)
    {
        if (!rejoin && _how is { } how)
        {
            IsDestinationReady = true;
            var end = _transfer.ResumeAsync(how, stop);
            _run.Background = end;
            return end;
        }

        var destination = await Destination.MonitorAsync(stop).ConfigureAwait(false);
        if (rejoin)
            _journal.Write(QemuStep.Recover);
        if (rejoin)
            await destination.RecoverPostCopyAsync(_plan.IncomingUri ?? _plan.Uri, stop).ConfigureAwait(false);
        else if (_plan.IncomingUri is { } incoming && !QemuUri.IsFile(incoming))
            await destination.ReceiveAsync(incoming, stop).ConfigureAwait(false);
        IsDestinationReady = true;
        var uri = QemuUri.WithPort(_plan.Uri, (await destination.QueryMigrationAsync(stop).ConfigureAwait(false)).SocketAddress);
        stop.ThrowIfCancellationRequested();
        var attempt = _transfer.RunAsync(uri, rejoin, stop);
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
        return !_handOver.IsDone && !_handOver.MayHaveRun && !_postCopy.IsArmed ? new GuestPresence(GuestState.ShutOff, $"{guest}, never started") : guest;
    }

    public Task AbortAsync() => _transfer.AbortAsync();

    public Task StartPostCopyAsync(CancellationToken cancellationToken = default) => _postCopy.StartAsync(cancellationToken);

    public async Task PausePostCopyAsync(CancellationToken cancellationToken = default)
    {
        var there = await LookAsync(Side.Destination, cancellationToken).ConfigureAwait(false);
        if (there is not { IsExecuting: true, IsPostCopy: true })
            throw new LiveMigrationException(Faults.CannotPausePostCopy, $"{_run.Destination} reports '{_run.Name}' as: {there}. Until it runs there in post-copy, pausing would lose it.", _run.Destination);
        await (await Source.MonitorAsync(cancellationToken).ConfigureAwait(false)).PausePostCopyAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task SuspendAsync()
    {
        _journal.Write(QemuStep.Suspend);
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

    /// <summary>What the process that began it had done is as if we had: but of a guest that stays, it is known that the destination never ran it.</summary>
    private void Adopt(QemuResumption how, QemuHistory history)
    {
        if (how is QemuResumption.RollBack)
        {
            if (history.Mirrors)
                _mirrors.Adopt();
            return;
        }

        if (how is QemuResumption.Follow && history.Mirrors && !history.Sent)
            _mirrors.Adopt();
        _postCopy.Adopt(history.PostCopy, history is { PostCopy: true, Executes: true });
        // One that runs was told to by somebody, if not by us.
        _handOver.Adopt(history.MayHaveRun || how is QemuResumption.EndSource, history.PostCopy && how is not QemuResumption.Follow, history.IsUnproven);
    }

    private async Task SetAsync(string parameter, object value)
    {
        var monitor = await Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
        await monitor.SetMigrationParameterAsync(parameter, value).ConfigureAwait(false);
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
