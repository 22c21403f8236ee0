using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Domains;

/// <summary>domain → the same without what a cut-off copy of its disks left in its QEMU.</summary>
internal static class LibvirtDomainLeftovers
{
    /// <summary>How long a job that was cancelled may take to end: it may wait for a peer that is gone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Ends the jobs, then removes what they used. Taints the domain as <see cref="LibvirtDomainMonitor"/> says.</summary>
    /// <exception cref="LiveMigrationException">QEMU does not do it, and why; or a migration or a block job is under way.</exception>
    internal static async Task RemoveCopyLeftoversAsync(this LibvirtDomain domain, CancellationToken cancellationToken)
    {
        await RefuseBusyAsync(domain, cancellationToken).ConfigureAwait(false);
        var monitor = await domain.OpenMonitorAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var closing = monitor.ConfigureAwait(false);
        var found = await monitor.QueryCopyLeftoversAsync(cancellationToken).ConfigureAwait(false);
        foreach (var job in found.Where(one => one.Kind is CopyLeftoverKind.Job))
            await monitor.RemoveAsync(job, cancellationToken).ConfigureAwait(false);
        var started = TimeProvider.System.GetTimestamp();
        while (found.FirstOrDefault(one => one.Kind is CopyLeftoverKind.Job) is { } job)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                throw new LiveMigrationException(Faults.CopyLeftover, $"'{domain.Name}': QEMU has not ended {job} yet. Nothing else was changed; try again later.", domain.HostName);
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            found = await monitor.QueryCopyLeftoversAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (var one in found)
            await monitor.RemoveAsync(one, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is in use by a job that libvirt knows of is not left over.</summary>
    private static async Task RefuseBusyAsync(LibvirtDomain domain, CancellationToken cancellationToken)
    {
        var disks = domain.Disks.Select(disk => disk.Target).ToArray();
        var busy = await domain.Host.CallAsync(
            domain.Uuid, native => native.GetJobStatistics().IsActive || Array.Exists(disks, disk => native.GetBlockJob(disk) is not null), cancellationToken).ConfigureAwait(false);
        if (busy)
            throw new LiveMigrationException(Faults.DomainLocked, $"A job is running for '{domain.Name}': what it uses is not removed.", domain.HostName);
    }
}
