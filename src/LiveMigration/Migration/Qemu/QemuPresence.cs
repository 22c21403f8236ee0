using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Qemu;

/// <summary>What a QEMU says about its guest, in the terms of the outcome rules.</summary>
internal static class QemuPresence
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    /// <summary>Asks a QEMU; one that does not answer soon counts as unreachable, unless its process is known to have ended.</summary>
    internal static async Task<GuestPresence> AskAsync(QemuProcess process, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Answer);
        try
        {
            var monitor = await process.MonitorAsync(limit.Token).ConfigureAwait(false);
            var status = await monitor.QueryStatusAsync(limit.Token).ConfigureAwait(false);
            var migration = await monitor.QueryMigrationStatusAsync(limit.Token).ConfigureAwait(false);
            return Of(status, migration);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Silent(process);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            return Silent(process);
        }
    }

    /// <summary>What QEMU's run state and the state of its migration mean together.</summary>
    internal static GuestPresence Of(VmStatus status, string? migration) =>
        new(StateOf(status, migration), migration is null or "none" ? status.Status : $"{status.Status} (migration {migration})", status.Running);

    private static GuestPresence Silent(QemuProcess process) =>
        process.HasEnded ? new GuestPresence(GuestState.Absent, "QEMU has ended") : GuestPresence.Unreachable;

    private static GuestState StateOf(VmStatus status, string? migration) => (status.Status, migration) switch
    {
        (_, "postcopy-paused") => GuestState.PostCopyFailed,
        (_, "postcopy-active" or "postcopy-device" or "postcopy-recover" or "postcopy-recover-setup") => GuestState.PostCopy,
        _ when status.Running => GuestState.Running,
        // It has none yet, or what it has is no guest.
        ("inmigrate", null or "none" or "setup" or "failed" or "cancelled") => GuestState.ShutOff,
        ("prelaunch" or "preconfig", _) => GuestState.ShutOff,
        ("inmigrate" or "finish-migrate" or "postmigrate", _) => GuestState.PausedForMigration,
        ("shutdown", _) => GuestState.Ended,
        ("paused", _) => GuestState.PausedUnexplained,
        _ => GuestState.Paused,
    };
}
