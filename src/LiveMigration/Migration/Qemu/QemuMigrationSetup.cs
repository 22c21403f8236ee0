using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu.Journals;

namespace LiveMigration.Migration.Qemu;

/// <summary>What a migration sets in both QEMUs, and puts back in the source when the guest stays.</summary>
/// <param name="plan">What to do.</param>
/// <param name="run">The migration.</param>
/// <param name="journal">Where it is written down until it is over.</param>
/// <param name="begun">What another process has made of it already; null for a new one.</param>
internal sealed class QemuMigrationSetup(QemuMigrationPlan plan, MigrationRun run, QemuJournal journal, QemuHistory? begun) : IMigrationSetup
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan EndStep = TimeSpan.FromMilliseconds(50);

    private bool _made = begun is not null;

    /// <summary>Whether nobody has to end anything any more.</summary>
    private bool _isOver;

    /// <summary>What sizes the listening side has to be set before it listens.</summary>
    public async Task MakeAsync()
    {
        if (begun is not null)
            return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.Stopping);
        limit.CancelAfter(run.Options.PrepareTimeout.Value);
        var destination = await plan.Destination.MonitorAsync(limit.Token).ConfigureAwait(false);
        var source = await plan.Source.MonitorAsync(limit.Token).ConfigureAwait(false);
        journal.Begin(plan);
        _made = true;
        // Started without -S it would run as soon as it has all, before anybody has looked at it.
        await destination.StopAsync(limit.Token).ConfigureAwait(false);
        if (plan.TlsFolder is { } folder)
        {
            await QemuTls.AddAsync(destination, folder, "server").ConfigureAwait(false);
            await QemuTls.AddAsync(source, folder, "client").ConfigureAwait(false);
        }

        await destination.SetMigrationParametersAsync(plan.DestinationParameters, limit.Token).ConfigureAwait(false);
        await destination.SetMigrationCapabilitiesAsync(plan.DestinationCapabilities, limit.Token).ConfigureAwait(false);
        await source.SetMigrationParametersAsync(plan.SourceParameters).ConfigureAwait(false);
        await source.SetMigrationCapabilitiesAsync(plan.SourceCapabilities).ConfigureAwait(false);
        if (plan.Nonce is { } nonce)
            await nonce.AddAsync(source, destination, limit.Token).ConfigureAwait(false);
    }

    /// <summary>Whether a file may have been written: one that this migration has not begun to write is not its own.</summary>
    private bool HasFile => QemuUri.IsFile(plan.Uri) && (journal.HasSent || begun is { MaySend: true });

    public Task LeaveAsync() => Task.CompletedTask;

    public async Task PutBackAsync(OutcomeProbe outcome, bool suspended, bool lostTouch)
    {
        // Of a guest that both are known to have none of any more, nothing is left to be done.
        _isOver = outcome is { Source.State: GuestState.Absent, Verdict: MigrationVerdict.Moved }
            || (outcome is { Source.State: GuestState.Absent, Verdict: MigrationVerdict.Lost or MigrationVerdict.ShutOff } && plan.Destination.HasEnded);
        // It may be the only copy of a guest that is lost.
        if (outcome.Verdict is MigrationVerdict.Lost or MigrationVerdict.ShutOff && HasFile)
            run.Notice($"{QemuUri.PathOf(plan.Uri)} at {plan.SourceName} contains the memory of '{run.Name}', and is kept: remove it when it is not needed any more.");
        if (outcome.Verdict is not (MigrationVerdict.Stayed or MigrationVerdict.StayedPaused) || !_made)
            return;
        journal.Note(QemuStep.RollBack);
        if (!await EndHalfAsync(outcome).ConfigureAwait(false))
            return;
        try
        {
            var source = await plan.Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
            if (plan.Executes && (outcome.Verdict is MigrationVerdict.StayedPaused || suspended || begun is { Suspended: true }))
                await source.ContinueAsync().ConfigureAwait(false);
            await source.SetMigrationCapabilitiesAsync(Before(plan.SourceCapabilities, plan.Before.Capabilities)).ConfigureAwait(false);
            await source.SetMigrationParametersAsync(Before(plan.SourceParameters, plan.Before.Parameters)).ConfigureAwait(false);
            if (plan.TlsFolder is not null)
                await QemuTls.RemoveAsync(source).ConfigureAwait(false);
            if (plan.Nonce is { } nonce)
                await TakeBackAsync(nonce, plan.Source, nonce.SourceMapping).ConfigureAwait(false);
            _isOver = true;
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            run.Notice($"'{run.Name}' on {run.Source} could not be restored to its previous state: {error.Message}");
        }

        // The guest does not wait for it. QEMU may have failed before it made one.
        await RemoveFileAsync(mayBeGone: true).ConfigureAwait(false);
        if (plan.Destination.HasEnded && !outcome.Destination.IsExecuting)
            await RemoveImagesAsync().ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<VerifiedFact>> VerifyAsync(OutcomeProbe outcome, bool reported, TimeSpan? pause)
    {
        if (plan.TlsFolder is not null)
        {
            try
            {
                await QemuTls.RemoveAsync(await plan.Destination.MonitorAsync(CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                // An object more in a QEMU that runs the guest.
            }
        }

        if (plan.Nonce is { } nonce && outcome.Verdict is MigrationVerdict.Moved)
        {
            await TakeBackAsync(nonce, plan.Destination, nonce.DestinationMapping).ConfigureAwait(false);
            await RemoveFileAsync(mayBeGone: false).ConfigureAwait(false);
        }

        return
        [
            new($"{(plan.Executes ? "runs" : "is")} on {run.Destination}", outcome.Destination.IsExecuting == plan.Executes, $"{outcome.Destination}"),
            new($"QEMU ended on {run.Source}", outcome.Source.State is GuestState.Absent, $"{outcome.Source}"),
        ];
    }

    /// <summary>The journal goes when all is known and done; who left the migration to itself keeps it until then.</summary>
    public void Dispose()
    {
        if (run.Background.IsCompleted)
            EndJournal();
        else
            _ = run.Background.ContinueWith(_ => EndJournal(), TaskScheduler.Default);
    }

    private void EndJournal()
    {
        if (_isOver || journal.IsHandedOver)
            journal.End();
        else
            journal.Dispose();
    }

    private static Dictionary<string, T> Before<T>(IReadOnlyDictionary<string, T> set, IReadOnlyDictionary<string, T> before) =>
        before.Where(pair => set.ContainsKey(pair.Key) || QemuBefore.Limits.Contains(pair.Key)).ToDictionary();

    /// <summary>
    /// A destination that has received a part, or all and was not started, can be used for nothing any more: an older QEMU ends it by itself.
    /// One that only waits still may, where it was not left by a process that is gone. What was made for one that has ended goes with it.
    /// </summary>
    /// <returns>False where it runs the guest by now, which somebody else has told it to: then the source must not go on.</returns>
    private async Task<bool> EndHalfAsync(OutcomeProbe outcome)
    {
        if (outcome.Destination.IsExecuting)
            return true;
        try
        {
            if (!plan.Destination.HasEnded)
            {
                using var limit = new CancellationTokenSource(AnswerPatience, run.Time);
                var monitor = await plan.Destination.MonitorAsync(limit.Token).ConfigureAwait(false);
                if (plan.Nonce is not null && (await monitor.QueryStatusAsync(limit.Token).ConfigureAwait(false)).Running)
                {
                    run.Notice($"QEMU at {plan.Destination.Address} runs '{run.Name}', which it was not told to by this migration: nothing was ended or continued. Look at both, and end the wrong one.");
                    return false;
                }

                if (begun is null && await monitor.QueryMigrationStatusAsync(limit.Token).ConfigureAwait(false) is not ("failed" or "active" or "cancelled" or "completed"))
                {
                    if (plan.Nonce is { } nonce)
                        await TakeBackAsync(nonce, plan.Destination, nonce.DestinationMapping).ConfigureAwait(false);
                    run.Notice($"QEMU at {plan.Destination.Address} still waits for '{run.Name}'.");
                    return true;
                }

                await monitor.QuitAsync(limit.Token).ConfigureAwait(false);
                await AwaitEndAsync(monitor).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException or OperationCanceledException)
        {
            // It ends, or cannot be reached, or hangs: the source does not wait for that.
            await AwaitEndAsync(null).ConfigureAwait(false);
        }

        if (!plan.Destination.HasEnded)
            run.Notice($"It is not known whether QEMU at {plan.Destination.Address} has ended. It was never told to run '{run.Name}': end it if it is still there.");
        return true;
    }

    /// <summary>It has said that it will, and closes its monitor; or its process is seen to end.</summary>
    private async Task AwaitEndAsync(QmpClient? monitor)
    {
        for (var until = run.Elapsed + EndPatience; !plan.Destination.HasEnded && run.Elapsed < until; await Task.Delay(EndStep, run.Time).ConfigureAwait(false))
        {
            if (monitor is { IsConnected: false })
                plan.Destination.SaidGoodbye();
        }
    }

    private async Task TakeBackAsync(QemuStreamNonce nonce, QemuProcess process, string? mapping)
    {
        if (await nonce.RemoveAsync(process, mapping).ConfigureAwait(false) is { } notice)
            run.Notice(notice);
    }

    /// <summary>The file of a migration through a file contains the guest's memory, and is of no use afterwards.</summary>
    private async Task RemoveFileAsync(bool mayBeGone)
    {
        if (!HasFile)
            return;
        var file = QemuUri.PathOf(plan.Uri);
        if (await new QemuHostLook(plan.Source, plan.Destination, CancellationToken.None).RemoveFileAsync(file, mayBeGone).ConfigureAwait(false) is { } why)
            run.Notice($"{file} at {plan.SourceName} contains the memory of '{run.Name}' and could not be removed: {why}");
    }

    /// <summary>What a guest may have written to is not removed: nobody else has it.</summary>
    private async Task RemoveImagesAsync()
    {
        if (plan.Destination.MadeImages.Count > 0 && begun is { MayHaveRun: true })
        {
            run.Notice($"{string.Join(", ", plan.Destination.MadeImages)} was made for the destination, which may have run '{run.Name}', and is kept.");
            return;
        }

        try
        {
            await plan.Destination.RemoveMadeImagesAsync().ConfigureAwait(false);
        }
        catch (LiveMigrationException error)
        {
            run.Notice($"{string.Join(", ", plan.Destination.MadeImages)} was made for a QEMU that has ended, and could not be removed: {error.Message}");
        }
    }
}
