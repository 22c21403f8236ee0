using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Qemu;

/// <summary>What a migration sets in both QEMUs, and puts back in the source when the guest stays.</summary>
internal sealed class QemuMigrationSetup(QemuMigrationPlan plan, MigrationRun run) : IMigrationSetup
{
    private bool _made;

    /// <summary>What sizes the listening side has to be set before it listens.</summary>
    public async Task MakeAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.Stopping);
        limit.CancelAfter(run.Options.PrepareTimeout.Value);
        var destination = await plan.Destination.MonitorAsync(limit.Token).ConfigureAwait(false);
        var source = await plan.Source.MonitorAsync(limit.Token).ConfigureAwait(false);
        // Started without -S it would run as soon as it has all, before anybody has looked at it.
        await destination.StopAsync(limit.Token).ConfigureAwait(false);
        _made = true;
        if (plan.TlsFolder is { } folder)
        {
            await QemuTls.AddAsync(destination, folder, "server").ConfigureAwait(false);
            await QemuTls.AddAsync(source, folder, "client").ConfigureAwait(false);
        }

        await destination.SetMigrationParametersAsync(plan.DestinationParameters, limit.Token).ConfigureAwait(false);
        await destination.SetMigrationCapabilitiesAsync(plan.DestinationCapabilities, limit.Token).ConfigureAwait(false);
        await source.SetMigrationParametersAsync(plan.SourceParameters).ConfigureAwait(false);
        await source.SetMigrationCapabilitiesAsync(plan.SourceCapabilities).ConfigureAwait(false);
    }

    public Task LeaveAsync() => Task.CompletedTask;

    public async Task PutBackAsync(OutcomeProbe outcome, bool suspended, bool lostTouch)
    {
        if (outcome.Verdict is not (MigrationVerdict.Stayed or MigrationVerdict.StayedPaused) || !_made)
            return;
        await EndHalfAsync(outcome).ConfigureAwait(false);
        try
        {
            var source = await plan.Source.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
            if (plan.Executes && (outcome.Verdict is MigrationVerdict.StayedPaused || suspended))
                await source.ContinueAsync().ConfigureAwait(false);
            await source.SetMigrationCapabilitiesAsync(Before(plan.SourceCapabilities, plan.Before.Capabilities)).ConfigureAwait(false);
            await source.SetMigrationParametersAsync(Before(plan.SourceParameters, plan.Before.Parameters)).ConfigureAwait(false);
            if (plan.TlsFolder is not null)
                await QemuTls.RemoveAsync(source).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            run.Notice($"'{run.Name}' on {run.Source} could not be restored to its previous state: {error.Message}");
        }
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

        return
        [
            new($"{(plan.Executes ? "runs" : "is")} on {run.Destination}", outcome.Destination.IsExecuting == plan.Executes, $"{outcome.Destination}"),
            new($"QEMU ended on {run.Source}", outcome.Source.State is GuestState.Absent, $"{outcome.Source}"),
        ];
    }

    public void Dispose()
    {
    }

    private static Dictionary<string, T> Before<T>(IReadOnlyDictionary<string, T> set, IReadOnlyDictionary<string, T> before) =>
        before.Where(pair => set.ContainsKey(pair.Key)).ToDictionary();

    /// <summary>A destination that has received a part, or all and was not started, can be used for nothing any more: an older QEMU ends it by itself. One that only waits still may.</summary>
    private async Task EndHalfAsync(OutcomeProbe outcome)
    {
        if (outcome.Destination.State is GuestState.Absent or GuestState.Unknown || outcome.Destination.IsExecuting)
            return;
        try
        {
            var monitor = await plan.Destination.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
            if (await monitor.QueryMigrationStatusAsync().ConfigureAwait(false) is "failed" or "active" or "cancelled" or "completed")
                await monitor.QuitAsync().ConfigureAwait(false);
            else
                run.Notice($"QEMU at {plan.Destination.Address} still waits for '{run.Name}'.");
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            // It has ended, or cannot be reached.
        }
    }
}
