using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Units;

namespace LiveMigration.Migration.Qemu;

/// <summary>
/// The copies of a migration's disks: offered by the destination over NBD, filled by mirrors in the source. They end when the guest stands
/// still before the switchover, and never otherwise: what it writes later would be lost.
/// </summary>
internal sealed class QemuMirrors(QemuMigrationPlan plan)
{
    private const string Ready = "ready";
    private const string Concluded = "concluded";

    /// <summary>The ports that libvirt uses for the same.</summary>
    private const int FirstPort = 49152;
    private const int LastPort = 49215;

    /// <summary>From this QEMU on, a mirror can be made synchronous while it runs.</summary>
    private static readonly Version Changeable = new(8, 2);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a source whose monitor is lost is tried, until its copies are left to it.</summary>
    private const int AbandonTries = 60;

    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    private readonly HashSet<QemuDiskCopy> _concluded = [];
    private bool _offered;
    private bool _started;
    private bool _ended;

    /// <summary>Whether disks are copied, or follow what the guest writes.</summary>
    internal bool IsActive => _started && !_ended;

    /// <summary>Those that another process has begun.</summary>
    internal void Adopt() => _offered = _started = true;

    /// <summary>Offers the destination's disks and begins to fill them.</summary>
    internal async Task StartAsync(CancellationToken stop)
    {
        var destination = await plan.Destination.MonitorAsync(stop).ConfigureAwait(false);
        var tls = plan.TlsFolder is null ? null : QemuTls.Id;
        _offered = true;
        var address = await OfferAsync(destination, tls, stop).ConfigureAwait(false);
        foreach (var copy in plan.Copies)
            await destination.AddNbdExportAsync(copy.Id, copy.Destination.Node!, copy.Id, stop).ConfigureAwait(false);
        var source = await plan.Source.MonitorAsync(stop).ConfigureAwait(false);
        _started = true;
        foreach (var copy in plan.Copies)
        {
            await source.AddNbdNodeAsync(copy.Id, address, copy.Id, tls, plan.Options.TlsName, stop).ConfigureAwait(false);
            await source.StartMirrorAsync(copy.Id, copy.Source.Node!, copy.Id, copy.IsAboveBase, plan.Options.Storage.SynchronousWrites, Speed(plan.Options.Bandwidth), stop).ConfigureAwait(false);
        }
    }

    /// <summary>Whether all of them are filled, and only follow what the guest writes. One that has failed is thrown.</summary>
    internal async Task<bool> AreReadyAsync()
    {
        var jobs = await JobsAsync().ConfigureAwait(false);
        return plan.Copies.All(copy => jobs.TryGetValue(copy.Id, out var job) ? job.Status switch
        {
            Ready or "standby" => true,
            Concluded or "aborting" or "null" => throw Failed(copy, job.Error),
            _ => false,
        } : throw Failed(copy, null));
    }

    /// <summary>From now on none falls behind, whatever the guest writes; an older QEMU cannot.</summary>
    internal async Task MakeSynchronousAsync()
    {
        var source = await plan.Source.MonitorAsync().ConfigureAwait(false);
        if (source.QemuVersion < Changeable || plan.Options.Storage.SynchronousWrites)
            return;
        foreach (var copy in plan.Copies)
            await source.MakeMirrorSynchronousAsync(copy.Id).ConfigureAwait(false);
    }

    /// <summary>Bytes that are copied, of those there are, and by disk whether it is still being copied for the first time.</summary>
    internal async Task<(long Done, long Total, Dictionary<string, bool> Copying)> QueryAsync()
    {
        var jobs = await JobsAsync().ConfigureAwait(false);
        var mine = plan.Copies.Where(copy => jobs.ContainsKey(copy.Id)).Select(copy => (copy.Name, Job: jobs[copy.Id])).ToList();
        return (mine.Sum(job => job.Job.CurrentProgress), mine.Sum(job => job.Job.TotalProgress), mine.ToDictionary(job => job.Name, job => job.Job.Status is not (Ready or "standby")));
    }

    internal async Task SetSpeedAsync(IReadOnlyDictionary<string, Bandwidth> shares)
    {
        var source = await plan.Source.MonitorAsync().ConfigureAwait(false);
        foreach (var copy in plan.Copies.Where(copy => shares.ContainsKey(copy.Name)))
            await source.SetBlockJobSpeedAsync(copy.Id, Speed(shares[copy.Name])).ConfigureAwait(false);
    }

    /// <summary>The guest is paused: ends all of them when both sides are the same, and what was offered for them.</summary>
    /// <exception cref="LiveMigrationException">One did not end in sync: the migration must not go on.</exception>
    internal async Task FinishAsync(CancellationToken stop)
    {
        if (!IsActive)
            return;
        var source = await plan.Source.MonitorAsync(stop).ConfigureAwait(false);
        var jobs = await JobsAsync().ConfigureAwait(false);
        foreach (var copy in plan.Copies.Where(copy => jobs.GetValueOrDefault(copy.Id) is { Status: Ready or "standby" }))
            await source.EndMirrorAsync(copy.Id, force: false, stop).ConfigureAwait(false);
        foreach (var copy in plan.Copies.Where(copy => !_concluded.Contains(copy)))
        {
            QmpJob job;
            while ((job = (await JobsAsync().ConfigureAwait(false)).GetValueOrDefault(copy.Id) ?? throw Failed(copy, null)).Status is not Concluded)
                await Task.Delay(Step, stop).ConfigureAwait(false);
            if (job.Error is { } error)
                throw Failed(copy, error);
            _concluded.Add(copy);
            await source.DismissJobAsync(copy.Id, stop).ConfigureAwait(false);
            await source.RemoveNodeAsync(copy.Id, stop).ConfigureAwait(false);
        }

        _ended = true;
        await StopOfferAsync().ConfigureAwait(false);
    }

    /// <summary>Ends what there is of them, as it is: the guest stays.</summary>
    internal async Task AbandonAsync()
    {
        for (var times = 0; IsActive && !plan.Source.HasEnded && times < AbandonTries; times++)
        {
            try
            {
                await RemoveAsync(await plan.Source.MonitorAsync().ConfigureAwait(false)).ConfigureAwait(false);
                _ended = true;
            }
            catch (LiveMigrationException)
            {
                await Task.Delay(RetryInterval).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                break;
            }
        }

        if (_offered)
            await StopOfferAsync().ConfigureAwait(false);
    }

    private async Task RemoveAsync(QmpClient source)
    {
        foreach (var copy in plan.Copies)
        {
            foreach (var step in new Func<Task>[]
            {
                () => source.EndMirrorAsync(copy.Id, force: true),
                () => ConcludedAsync(copy),
                () => source.DismissJobAsync(copy.Id),
                () => source.RemoveNodeAsync(copy.Id),
            })
            {
                try
                {
                    await step().ConfigureAwait(false);
                }
                catch (QmpException)
                {
                    // It did not come that far.
                }
            }
        }
    }

    private async Task ConcludedAsync(QemuDiskCopy copy)
    {
        for (var times = 0; times < 500 && (await JobsAsync().ConfigureAwait(false)).TryGetValue(copy.Id, out var job) && job.Status is not Concluded; times++)
            await Task.Delay(Step).ConfigureAwait(false);
    }

    /// <summary>The destination offers its disks no more: it does not start the guest while it does.</summary>
    internal async Task StopOfferAsync()
    {
        _offered = false;
        using var limit = new CancellationTokenSource(Answer);
        try
        {
            await (await plan.Destination.MonitorAsync(limit.Token).ConfigureAwait(false)).StopNbdServerAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            // It does not run, or is silent; it will be ended, or refuses to start the guest while it offers a disk.
        }
    }

    /// <summary>On one machine a socket beside the destination's monitor; else the port that was asked for, or the first free one of libvirt's.</summary>
    private async Task<QmpSocketAddress> OfferAsync(QmpClient destination, string? tls, CancellationToken stop)
    {
        if (plan.Source.Address.IsLocal && plan.Destination.Address.IsLocal && plan.Options.DisksPort is null)
        {
            var local = new QmpSocketAddress("unix", null, null, $"{plan.Destination.Address.Path}.nbd");
            await destination.StartNbdServerAsync(local, tls, stop).ConfigureAwait(false);
            return local;
        }

        for (var port = plan.Options.DisksPort ?? FirstPort; ; port++)
        {
            try
            {
                await destination.StartNbdServerAsync(new QmpSocketAddress("inet", QemuUri.Bind(plan.Options.ListenAddress), $"{port}", null), tls, stop).ConfigureAwait(false);
                return new QmpSocketAddress("inet", plan.Destination.HostName, $"{port}", null);
            }
            catch (QmpException error) when (plan.Options.DisksPort is null && port < LastPort && error.Description.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                // The next one.
            }
        }
    }

    private async Task<Dictionary<string, QmpJob>> JobsAsync() =>
        (await (await plan.Source.MonitorAsync().ConfigureAwait(false)).QueryJobsAsync().ConfigureAwait(false)).ToDictionary(job => job.Id);

    private static long Speed(Bandwidth? limit) => limit is { IsUnlimited: false } set ? Math.Max(1, set.BytesPerSecond) : 0;

    private LiveMigrationException Failed(QemuDiskCopy copy, string? error) => new(
        Faults.DiskNotAccessible, $"{plan.SourceName}: the copy of disk '{copy.Name}' to {plan.DestinationName} failed: {error?.TrimEnd('.') ?? "it was ended"}.", plan.SourceName);
}
