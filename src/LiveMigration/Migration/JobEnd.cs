using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Migration;

/// <summary>The end of a migration that no call of ours waits for: its source is asked for its job until there is none.</summary>
internal static class JobEnd
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the source may be silent once the migration was told to end.</summary>
    private static readonly TimeSpan SilenceAfterStop = TimeSpan.FromSeconds(45);

    /// <summary>Only libvirt's own word ends the wait: an answer that is late or lost is asked for again.</summary>
    /// <param name="run">The migration.</param>
    /// <param name="silence">How long the source may be silent without a break.</param>
    internal static async Task WaitAsync(MigrationRun run, TimeSpan silence)
    {
        var heard = TimeProvider.System.GetTimestamp();
        while (!run.Detached.IsCompleted)
        {
            await Task.Delay(Interval).ConfigureAwait(false);
            try
            {
                if (!await run.Domain.Host.CallAsync(run.Domain.Uuid, IsOnItsWay, CancellationToken.None).ConfigureAwait(false))
                    return;
                heard = TimeProvider.System.GetTimestamp();
            }
            catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.OperationInvalid)
            {
                return;
            }
            catch (LiveMigrationException)
            {
                // The connection was lost and is made again, the daemon is restarted, or the domain is held by another call.
                if (TimeProvider.System.GetElapsedTime(heard) > (run.Stopping.IsCancellationRequested ? SilenceAfterStop : silence))
                    return; // Both hosts are asked then, and what they say is the outcome, or that it is unknown.
            }
            catch (ObjectDisposedException)
            {
                return; // The host was disconnected by the user: nothing more can be asked.
            }
        }

        // The job of a post-copy that broke stays, and stands still.
        static bool IsOnItsWay(NativeDomain native)
        {
            var (state, reason) = native.GetState();
            return native.GetJobStatistics().IsActive && !new DomainStatus((DomainState)state, reason).IsPostCopyFailed;
        }
    }
}
