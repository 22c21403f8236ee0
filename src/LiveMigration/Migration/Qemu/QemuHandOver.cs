using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.Tracing;

namespace LiveMigration.Migration.Qemu;

/// <summary>
/// The steps between "all was sent" and the end of the source. The destination is started, the source is ended on the proof that it runs, and
/// a destination that refuses to run is ended so that the source may go on: there is no moment in which both could.
/// </summary>
internal sealed class QemuHandOver(MigrationRun run, QemuMigrationPlan plan, QemuSignals signals, QemuJournal journal)
{
    /// <summary>How long the destination may take to be done with what it has received, and to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Bytes per second that a file is read at the least.</summary>
    private const double SlowFile = 16 << 20;

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long after the end of its monitor a process may be seen to live.</summary>
    private static readonly TimeSpan EndingPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private bool _isTold;

    /// <summary>Whether the process that began it had not seen what the destination has read.</summary>
    private bool _isUnproven;

    /// <summary>Whether the guest is the destination's for good.</summary>
    internal bool IsDone { get; private set; }

    /// <summary>Whether the guest may have run at the destination: what the source has of it is the past then, and must not go on.</summary>
    internal bool MayHaveRun { get; private set; }

    /// <summary>Whether the source has switched to post-copy.</summary>
    internal bool WasInPostCopy { get; private set; }

    /// <summary>The source has switched to post-copy: the guest runs at the destination, or is about to.</summary>
    internal void SwitchedToPostCopy() => WasInPostCopy = MayHaveRun = true;

    /// <summary>What the process that began it had done.</summary>
    /// <param name="mayHaveRun">Whether the guest may have run at the destination.</param>
    /// <param name="wasInPostCopy">Whether the source had switched to post-copy.</param>
    /// <param name="unproven">Whether it was not seen yet what the destination has read.</param>
    internal void Adopt(bool mayHaveRun, bool wasInPostCopy, bool unproven) =>
        (MayHaveRun, WasInPostCopy, _isUnproven) = (mayHaveRun || wasInPostCopy, wasInPostCopy, unproven);

    /// <summary>Hands the guest over that the source has sent and holds no more.</summary>
    /// <param name="sent">The source's last counters.</param>
    /// <returns>Null, or why the destination does not have it.</returns>
    internal async Task<DriverFailure?> RunAsync(MigrationStatistics sent)
    {
        var began = run.Elapsed;
        if (plan.Nonce is { } nonce && (!MayHaveRun || _isUnproven) && await AwaitArrivalAsync(nonce).ConfigureAwait(false) is { } lost)
            return new DriverFailure(lost);
        try
        {
            // That the destination is told to run it says that all was sent as well: while the guest is paused nobody waits for one line more on the disk.
            journal.Write(plan.Executes ? QemuStep.StartDestination : QemuStep.HandOver);
        }
        catch (LiveMigrationException error) when (!MayHaveRun)
        {
            // Who would find it so could not know that it runs there.
            await EndUselessAsync().ConfigureAwait(false);
            return new DriverFailure(error);
        }
        catch (LiveMigrationException error)
        {
            run.Notice(error.Message);
        }

        using var limit = new CancellationTokenSource(Patience, run.Time);
        try
        {
            var destination = await plan.Destination.MonitorAsync(limit.Token).ConfigureAwait(false);
            if (plan.Executes)
            {
                await TellAsync(destination, limit.Token).ConfigureAwait(false);
            }

            if (await AwaitLifeAsync(destination, limit.Token).ConfigureAwait(false) is { } dead)
                return dead;
        }
        catch (QmpException refused) when (!MayHaveRun)
        {
            // It has said no: it does not run, and must not later.
            journal.Note(QemuStep.Refused);
            await EndUselessAsync().ConfigureAwait(false);
            return new DriverFailure(new LiveMigrationException(
                refused.Fault, $"{plan.DestinationName} has received '{run.Name}' and does not run it: {refused.Description.TrimEnd('.')}.", plan.DestinationName, refused));
        }
        catch (QmpException refused)
        {
            return new DriverFailure(new LiveMigrationException(
                refused.Fault, $"{plan.DestinationName} does not run '{run.Name}' now ({refused.Description.TrimEnd('.')}), and may have run it before.", plan.DestinationName, refused));
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            // One that was told to and is silent may start yet; one that ended before it had read all has not.
            MayHaveRun |= _isTold && !await IsEndedAsync().ConfigureAwait(false);
            return new DriverFailure(new LiveMigrationException(
                plan.Destination.HasEnded ? Faults.DestinationQemuFailed : Faults.MonitorLost,
                plan.Destination.HasEnded ? $"{plan.DestinationName}: QEMU ended after it had received '{run.Name}'."
                    : $"{plan.DestinationName} has received '{run.Name}' and does not answer{(MayHaveRun ? ": it may run there" : "")}.",
                plan.DestinationName,
                error));
        }

        IsDone = true;
        journal.Note(QemuStep.DestinationRuns);
        Tracer.Say($"'{run.Name}' {(plan.Executes ? "runs" : "is")} on {plan.Destination.Address}; ending QEMU at {plan.Source.Address}.");
        // QEMU measures until all was sent: until it runs is what the guest's users wait for. In post-copy it ran before.
        signals.Add(new MigrationSignal.Completed(sent with { Downtime = plan.Executes && !WasInPostCopy ? sent.Downtime + (run.Elapsed - began) : sent.Downtime }));
        journal.Note(QemuStep.EndSource);
        if (await EndAsync(plan.Source).ConfigureAwait(false))
            journal.Note(QemuStep.SourceEnded);
        else
            run.Notice($"'{run.Name}' has moved, but QEMU at {plan.Source.Address} has not ended. Do not continue the guest there: end that process.");
        return null;
    }

    /// <summary>
    /// Waits until the destination has read all, and proves that it was this migration. It is told nothing before: what does not arrive, or is another stream,
    /// leaves the guest at the source, and the destination is ended.
    /// </summary>
    /// <returns>Null, or why the destination does not have this migration.</returns>
    private async Task<LiveMigrationException?> AwaitArrivalAsync(QemuStreamNonce nonce)
    {
        using var patience = new CancellationTokenSource(LoadPatience(run.Options.StallTimeout.Value, plan), run.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, run.Stopping);
        LiveMigrationException why;
        try
        {
            var destination = await plan.Destination.MonitorAsync(limit.Token).ConfigureAwait(false);
            var status = await destination.QueryMigrationStatusAsync(limit.Token).ConfigureAwait(false);
            // A file is read when it is whole.
            if (status is null or "none" && plan.IncomingUri is { } file && QemuUri.IsFile(file))
                await destination.ReceiveAsync(file, limit.Token).ConfigureAwait(false);
            while ((status = await destination.QueryMigrationStatusAsync(limit.Token).ConfigureAwait(false)) is not ("completed" or "failed" or "cancelled"))
                await Task.Delay(Step, run.Time, limit.Token).ConfigureAwait(false);
            if (status is "completed" && await nonce.HasArrivedAsync(destination, limit.Token).ConfigureAwait(false))
                return null;
            var reason = status is "completed" ? null : await destination.QueryMigrationErrorAsync(limit.Token).ConfigureAwait(false);
            why = new LiveMigrationException(
                Faults.StreamBroken,
                status is "completed" ? $"{plan.DestinationName} has read another stream than this migration of '{run.Name}': an older one, probably. It was not started."
                    : $"{plan.DestinationName} did not get all of '{run.Name}' that the source sent{(reason is null ? "" : $": {reason.TrimEnd('.')}")}.",
                plan.DestinationName);
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            why = run.Stopping.IsCancellationRequested ? new LiveMigrationException(Faults.Stopped, "it was stopped before the destination had all.", plan.SourceName)
                : new LiveMigrationException(
                    Faults.StreamBroken,
                    $"{plan.DestinationName} {(await IsEndedAsync().ConfigureAwait(false) ? "ended before it had" : "does not have")} all of '{run.Name}' that the source sent{(error is QmpException refused ? $": {refused.Description.TrimEnd('.')}" : "")}.",
                    plan.DestinationName,
                    error);
        }

        // Somebody else may have had it run: then it is the guest, whatever it has read.
        MayHaveRun |= await RunsAsync().ConfigureAwait(false);
        if (MayHaveRun)
        {
            return new LiveMigrationException(
                Faults.OutcomeUnknown,
                $"{plan.DestinationName} may run '{run.Name}', and it is not proven that it has read this migration: {why.Message.TrimEnd('.')}. Nothing was ended: look at both before you continue or end one of them.",
                plan.DestinationName,
                why);
        }

        journal.Note(QemuStep.Refused);
        await EndUselessAsync().ConfigureAwait(false);
        return why;
    }

    /// <summary>Whether the destination says that it runs the guest. One that does not answer does not say so.</summary>
    private async Task<bool> RunsAsync()
    {
        if (plan.Destination.HasEnded)
            return false;
        using var limit = new CancellationTokenSource(EndPatience, run.Time);
        try
        {
            var monitor = await plan.Destination.MonitorAsync(limit.Token).ConfigureAwait(false);
            return (await monitor.QueryStatusAsync(limit.Token).ConfigureAwait(false)).Running;
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>How long the destination may take to read what was sent. A file it has to read from its beginning: that takes longer the more memory there is.</summary>
    internal static TimeSpan LoadPatience(TimeSpan stall, QemuMigrationPlan plan) =>
        QemuUri.IsFile(plan.Uri) && TimeSpan.FromSeconds((plan.Source.MaxMemory ?? 0) / SlowFile) is var whole && whole > stall ? whole : stall;

    /// <summary>Has the destination run the guest. An order whose answer is lost may have been carried out.</summary>
    private async Task TellAsync(QmpClient destination, CancellationToken limit)
    {
        try
        {
            await destination.ContinueAsync(limit).ConfigureAwait(false);
            MayHaveRun = _isTold = true;
        }
        catch (Exception error) when (error is not QmpException)
        {
            MayHaveRun = _isTold = true;
            throw;
        }
    }

    /// <summary>Whether the destination is seen to have ended, a moment after its monitor was lost.</summary>
    private async Task<bool> IsEndedAsync()
    {
        for (var until = run.Elapsed + EndingPatience; !plan.Destination.HasEnded && !plan.Destination.IsConnected && run.Elapsed < until;)
            await Task.Delay(Step, run.Time).ConfigureAwait(false);
        return plan.Destination.HasEnded;
    }

    /// <summary>Waits until the destination runs the guest, or, where it is not to run, has it. What it is instead is a failure.</summary>
    private async Task<DriverFailure?> AwaitLifeAsync(QmpClient destination, CancellationToken limit)
    {
        while (true)
        {
            var status = await destination.QueryStatusAsync(limit).ConfigureAwait(false);
            MayHaveRun &= WasInPostCopy || status.Status is not "inmigrate";
            if (plan.Executes ? status.Running : status.Status is not "inmigrate")
                return null;
            var migration = await destination.QueryMigrationAsync(limit).ConfigureAwait(false);
            if (migration.Status is "failed" || status.Status is not ("inmigrate" or "paused" or "postmigrate"))
            {
                return new DriverFailure(new LiveMigrationException(
                    QmpFaults.ClassifyStream(migration.ErrorDesc ?? "") ?? Faults.DestinationQemuFailed,
                    $"{plan.DestinationName} reports '{run.Name}' as {status.Status}{(migration.ErrorDesc is { } reason ? $": {reason.TrimEnd('.')}" : "")}.",
                    plan.DestinationName));
            }

            await Task.Delay(Step, run.Time, limit).ConfigureAwait(false);
        }
    }

    /// <summary>Has a destination end that is not to run the guest, so that the source may; what is the only copy stays.</summary>
    private Task EndUselessAsync() => plan.Source.HasEnded ? Task.CompletedTask : EndAsync(plan.Destination);

    /// <summary>Has a QEMU end. False where it is not known to have.</summary>
    private async Task<bool> EndAsync(QemuProcess process)
    {
        // Who answers at its place now is another one.
        if (process.HasEnded)
            return true;
        using var limit = new CancellationTokenSource(EndPatience, run.Time);
        try
        {
            var monitor = await process.MonitorAsync(limit.Token).ConfigureAwait(false);
            await monitor.QuitAsync(limit.Token).ConfigureAwait(false);
            // It has said that it will; and then it closes its monitor.
            while (monitor.IsConnected && !limit.IsCancellationRequested)
                await Task.Delay(Step, run.Time).ConfigureAwait(false);
            if (!monitor.IsConnected)
                process.SaidGoodbye();
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            // It may have ended before it answered.
        }

        while (!process.HasEnded)
        {
            if (limit.IsCancellationRequested)
                return false;
            await Task.Delay(Step, run.Time).ConfigureAwait(false);
        }

        return true;
    }
}
