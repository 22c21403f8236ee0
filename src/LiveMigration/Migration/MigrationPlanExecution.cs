using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration.Libvirt;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Storage;

namespace LiveMigration.Migration;

/// <summary>plan → run.</summary>
public static class MigrationPlanExecution
{
    /// <summary>Starts the migration and returns at once; the run reports its progress and its result.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="policy">The policy for migrations that do not converge; made for this one migration.</param>
    public static MigrationRun Start(this MigrationPlan plan, ConvergencePolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var run = new MigrationRun(plan.Domain, plan.Destination, plan.Options, plan.Mode, foreign: false, policy)
        {
            // Halves are joined as they were parted, and it is not known how that was.
            Encrypted = plan.Options.Offline || plan.Flags.HasFlag(Interop.Libvirt.MigrateFlags.PostCopyResume) ? null : plan.Encrypted,
            History = new(plan.Source.State),
        };
        foreach (var notice in plan.Notices)
            run.Notice(notice);
        var driver = new LibvirtMigrationDriver(run, plan);
        var rejoins = plan.Flags.HasFlag(Interop.Libvirt.MigrateFlags.PostCopyResume);
        if (!rejoins && !plan.WaitsForLink)
            run.Predict(plan.Disks.Where(disk => disk.Transfer is not DiskTransfer.None).Sum(disk => disk.Bytes ?? disk.Capacity ?? 0));
        run.Begin(driver, new MigrationExecutor(run, driver, new LibvirtMigrationSetup(plan, run), rejoins).RunAsync);
        return run;
    }

    /// <summary>The migration of a domain that is under way: our own, or one to watch that somebody else started.</summary>
    /// <param name="domain">The domain on the source.</param>
    /// <param name="destination">Where it goes, if known: libvirt does not say.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null when there is none.</returns>
    public static async Task<MigrationRun?> GetMigrationAsync(
        this LibvirtDomain domain, LibvirtHost? destination = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (MigrationRuns.Of(domain) is { } own)
            return own;
        if (!await domain.IsSentAsync(cancellationToken).ConfigureAwait(false))
            return null;
        var run = new MigrationRun(domain, destination, MigrationOptions.Default, MigrationMode.Auto, foreign: true) { History = new(domain.Host.State) };
        var driver = new LibvirtMigrationDriver(run);
        run.Begin(driver, new ObservedMigration(run, driver).RunAsync);
        return run;
    }

    /// <summary>Whether a migration sends the domain now. Its state does not tell: a guest that a dead migration paused stays "paused for migration".</summary>
    internal static async Task<bool> IsSentAsync(this LibvirtDomain domain, CancellationToken cancellationToken)
    {
        try
        {
            var job = await domain.Host.CallAsync(domain.Uuid, native => native.GetJobStatistics(), cancellationToken).ConfigureAwait(false);
            return job is { IsActive: true, Operation: Interop.Libvirt.JobOperation.MigrationOut };
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.OperationInvalid
            or LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported)
        {
            return false; // Gone, not running, or the receiving side, which has no statistics.
        }
    }
}
