using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.Tracing;

namespace LiveMigration.Migration.Qemu;

/// <summary>One attempt: disks are copied, the guest is sent and handed over. This client does what libvirt's daemons would.</summary>
internal sealed class QemuTransfer(MigrationRun run, QemuMigrationPlan plan, QemuSignals signals, QemuMirrors mirrors, QemuPostCopy postCopy, QemuHandOver handOver, QemuJournal journal)
{
    /// <summary>How often the source is asked how it stands, beside its events.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long what could not go on may take to be aborted.</summary>
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(30);

    /// <summary>How often the source may say that nothing was begun, after an order to begin whose answer was lost.</summary>
    private const int NotBegunLimit = 10;

    /// <summary>From this QEMU on, it refuses itself to cancel a post-copy, which would lose the guest.</summary>
    private static readonly Version RefusesCancel = new(10, 0);

    /// <summary>Copies the disks, sends the guest and hands it over. What is in the way of it is a failure, and leaves no copy behind that goes on.</summary>
    internal Task<DriverFailure?> RunAsync(string uri, bool rejoin, CancellationToken stop) => OrGiveUpAsync("it was stopped while its disks were copied.", async () =>
    {
        if (!rejoin && plan.Copies.Count > 0)
            await CopyDisksAsync(stop).ConfigureAwait(false);
        var source = await plan.Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
        if (!rejoin && QemuUri.IsFile(uri))
            await RequireNewFileAsync(uri, stop).ConfigureAwait(false);
        Tracer.Say($"'{run.Name}': {plan.Source.Address} sends to {QemuUri.WithoutCommand(uri)}.");
        journal.Write(rejoin ? QemuStep.Recover : QemuStep.Migrate);
        try
        {
            await source.MigrateAsync(uri, rejoin, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LiveMigrationException error) when (error is not QmpException && !plan.Source.HasEnded)
        {
            // Whether it has begun, the source says when its monitor is connected again.
        }

        return await FollowAsync(rejoin, stop).ConfigureAwait(false);
    });

    /// <summary>Since it was planned, or while the disks were copied, somebody else may have made a file of that name, which QEMU would overwrite.</summary>
    /// <exception cref="LiveMigrationException">There is one, or it is not known.</exception>
    private async Task RequireNewFileAsync(string uri, CancellationToken stop)
    {
        foreach (var outcome in await new QemuHostLook(plan.Source, plan.Destination, stop).OneWayAsync(uri).ConfigureAwait(false))
        {
            if (outcome.Kind is not Readiness.OutcomeKind.Holds)
                throw new LiveMigrationException(Faults.StateExists, $"'{run.Name}' was not sent: {outcome.Evidence}", plan.SourceName);
        }
    }

    /// <summary>Ends what another process has begun.</summary>
    internal Task<DriverFailure?> ResumeAsync(QemuResumption how, CancellationToken stop) => OrGiveUpAsync("it was stopped.", async () =>
    {
        switch (how)
        {
            case QemuResumption.Follow:
                return await FollowAsync(rejoin: false, stop).ConfigureAwait(false);
            case QemuResumption.RollBack:
                throw new LiveMigrationException(Faults.Stopped, "the process that had begun it is gone.", plan.SourceName);
            default:
                if (plan.Copies.Count > 0)
                    await mirrors.StopOfferAsync().ConfigureAwait(false);
                // How long it was paused meanwhile, nobody has measured.
                return await handOver.RunAsync(await LastAsync().ConfigureAwait(false) with { Downtime = null }).ConfigureAwait(false);
        }
    });

    /// <summary>A copy whose memory did not arrive does not go on.</summary>
    private async Task<DriverFailure?> FollowAsync(bool rejoin, CancellationToken stop)
    {
        var failure = await EndAsync(rejoin, stop).ConfigureAwait(false);
        if (failure is not null && failure.Error.Fault != Faults.PostCopyBroken)
            await mirrors.AbandonAsync().ConfigureAwait(false);
        return failure;
    }

    /// <summary>What fails or is stopped is ended at the source, with its mirrors; after the monitor was disconnected nothing can be.</summary>
    private async Task<DriverFailure?> OrGiveUpAsync(string stopped, Func<Task<DriverFailure?>> attempt)
    {
        LiveMigrationException why;
        try
        {
            return await attempt().ConfigureAwait(false);
        }
        catch (LiveMigrationException error)
        {
            why = error;
        }
        catch (OperationCanceledException)
        {
            why = new LiveMigrationException(Faults.Stopped, stopped, plan.SourceName);
        }
        catch (ObjectDisposedException error)
        {
            return new DriverFailure(new LiveMigrationException(Faults.MonitorClosed, error.Message, plan.SourceName, error));
        }

        await GiveUpAsync().ConfigureAwait(false);
        await mirrors.AbandonAsync().ConfigureAwait(false);
        return new DriverFailure(why);
    }

    /// <summary>Ends it, where the guest stays at the source for certain.</summary>
    /// <exception cref="LiveMigrationException">It cannot be aborted, or not now.</exception>
    internal async Task AbortAsync()
    {
        var monitor = await plan.Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
        var status = await monitor.QueryMigrationStatusAsync().ConfigureAwait(false);
        // An older QEMU cancels in post-copy as well, and has the guest's old half run: the switch may happen until it has been told.
        if (QemuStatus.IsPostCopy(status) || (postCopy.IsSwitching && status is not "pre-switchover" && !(monitor.QemuVersion >= RefusesCancel)))
            throw new LiveMigrationException(Faults.CannotAbortPostCopy, $"'{run.Name}' switches to post-copy, or has: it cannot be aborted any more.", run.Source);
        // The destination may have all of it, and start by itself where it was told to.
        if (status is "device" && postCopy.IsArmed)
            throw new LiveMigrationException(Faults.QemuStateWrong, $"'{run.Name}' is being handed over: it cannot be aborted now.", run.Source);
        if (!QemuStatus.IsUnderWay(status) && mirrors.IsActive)
            return; // Who waits for the disks has been told.
        if (!QemuStatus.IsUnderWay(status))
            throw new LiveMigrationException(Faults.NoMigration, $"{run.Source}: no migration of '{run.Name}' is running.", run.Source);
        await monitor.CancelMigrationAsync().ConfigureAwait(false);
    }

    /// <summary>What cannot go on is not left half done: a guest that was paused for it runs again.</summary>
    private async Task GiveUpAsync()
    {
        for (var until = run.Elapsed + AbortPatience; run.Elapsed < until && !plan.Source.HasEnded; await Task.Delay(Interval, run.Time).ConfigureAwait(false))
        {
            try
            {
                var monitor = await plan.Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
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
        Tracer.Say($"'{run.Name}': copying {string.Join(", ", plan.Copies)}.");
        journal.Write(QemuStep.Copy);
        await mirrors.StartAsync(stop).ConfigureAwait(false);
        while (!await AreCopiedAsync().ConfigureAwait(false))
        {
            stop.ThrowIfCancellationRequested();
            await signals.NextAsync(Interval).ConfigureAwait(false);
        }

        stop.ThrowIfCancellationRequested();
        await mirrors.MakeSynchronousAsync().ConfigureAwait(false);
    }

    /// <summary>Whether the disks are; a monitor that is lost for a while does not end a copy that goes on without it.</summary>
    private async Task<bool> AreCopiedAsync()
    {
        try
        {
            return await mirrors.AreReadyAsync().ConfigureAwait(false);
        }
        catch (LiveMigrationException error) when (IsSilence(error))
        {
            return false;
        }
    }

    /// <summary>The counters of a source that has sent everything; none where it has ended.</summary>
    private async Task<MigrationStatistics> LastAsync()
    {
        try
        {
            return plan.Source.HasEnded ? new MigrationStatistics()
                : QemuStatistics.Of(await (await plan.Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false)).QueryMigrationAsync(CancellationToken.None).ConfigureAwait(false));
        }
        catch (LiveMigrationException)
        {
            return new MigrationStatistics();
        }
    }

    /// <summary>Whether an error is of our connection to the source alone.</summary>
    private bool IsSilence(LiveMigrationException error) => !plan.Source.HasEnded
        && (error.Fault == Faults.MonitorLost || error.Fault == Faults.MonitorUnreachable || error.Fault == Faults.MonitorSilent || error.Fault == Faults.HostUnreachable);

    /// <summary>The guest is paused: the disks are made the same, and the rest is sent. With a lost monitor it is tried again.</summary>
    private async Task SwitchOverAsync(CancellationToken stop)
    {
        try
        {
            await mirrors.FinishAsync(stop).ConfigureAwait(false);
            await (await plan.Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false)).ContinueMigrationAsync("pre-switchover", CancellationToken.None).ConfigureAwait(false);
        }
        catch (LiveMigrationException error) when (error is not QmpException && IsSilence(error))
        {
            // The source still waits, and says so.
        }
        catch (QmpException refused) when (refused.Command is "migrate-continue")
        {
            // It had been told before, and has gone on since it was asked: a moment after the order it still says that it waits.
            Tracer.Say($"'{run.Name}': {refused.Message}");
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
                var monitor = await plan.Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
                info = await monitor.QueryMigrationAsync(CancellationToken.None).ConfigureAwait(false);
                // It may have been told to abort before there was anything to abort.
                if (stop.IsCancellationRequested && !postCopy.IsSwitching && info.Status is "setup" or "active" or "pre-switchover")
                    await monitor.CancelMigrationAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (LiveMigrationException error) when (plan.Source.HasEnded)
            {
                return new DriverFailure(new LiveMigrationException(Faults.SourceQemuFailed, $"{plan.SourceName}: QEMU ended while it sent '{run.Name}'.", plan.SourceName, error));
            }
            catch (LiveMigrationException)
            {
                // Its monitor is connected again, or the engine loses its patience.
            }
            catch (ObjectDisposedException error)
            {
                return new DriverFailure(new LiveMigrationException(Faults.MonitorClosed, error.Message, plan.SourceName, error));
            }

            if (QemuStatus.IsPostCopy(info?.Status) && !handOver.WasInPostCopy)
            {
                handOver.SwitchedToPostCopy();
                signals.Add(new MigrationSignal.PostCopyBegan()); // Its event may have been missed.
            }

            // A half that is to be joined is what it was until it has reached the other.
            isBroken &= info is null or { Status: "postcopy-paused" };
            switch (info?.Status)
            {
                case "postcopy-paused" when isBroken && ++notBegun <= 2 * NotBegunLimit:
                    break;
                case null or "none" when info is not null && ++notBegun > NotBegunLimit:
                    return new DriverFailure(new LiveMigrationException(Faults.MigrationFailed, $"{plan.SourceName}: QEMU did not begin.", plan.SourceName));
                case "pre-switchover":
                    await SwitchOverAsync(stop).ConfigureAwait(false);
                    break;
                case "completed":
                    return await handOver.RunAsync(QemuStatistics.Of(info)).ConfigureAwait(false);
                case "failed":
                    return new DriverFailure(new LiveMigrationException(
                        QmpFaults.ClassifyStream(info.ErrorDesc ?? "") ?? Faults.MigrationFailed,
                        $"{plan.SourceName}: {info.ErrorDesc?.TrimEnd('.', ' ') ?? "QEMU does not say why"}.",
                        plan.SourceName));
                case "cancelled":
                    return new DriverFailure(new LiveMigrationException(Faults.Stopped, $"{plan.SourceName}: the migration was cancelled.", plan.SourceName));
                case "postcopy-paused":
                    return new DriverFailure(new LiveMigrationException(Faults.PostCopyBroken, $"{plan.SourceName} lost its connection to {plan.DestinationName}.", plan.SourceName));
            }

            await signals.NextAsync(Interval).ConfigureAwait(false);
        }
    }
}
