using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors;

namespace LiveMigration.Migration.Libvirt;

/// <summary>What a libvirt host says about a guest, in the terms of the outcome rules.</summary>
internal static class LibvirtPresence
{
    private const int ShutOffByMigration = 4;

    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    /// <summary>Asks one host; a host that does not answer soon counts as unreachable.</summary>
    internal static async Task<GuestPresence> AskAsync(LibvirtHost host, Guid domain, CancellationToken cancellationToken)
    {
        try
        {
            var (state, reason) = await host.CallAsync(domain, native => native.GetState(), cancellationToken)
                .WaitAsync(Answer, cancellationToken).ConfigureAwait(false);
            return Of(new DomainStatus((DomainState)state, reason));
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain)
        {
            return GuestPresence.Absent;
        }
        catch (Exception error) when (error is LiveMigrationException or TimeoutException or ObjectDisposedException)
        {
            return GuestPresence.Unreachable;
        }
    }

    internal static GuestPresence Of(DomainStatus status) => new(StateOf(status), status.ToString(), status.IsExecuting);

    private static GuestState StateOf(DomainStatus status) => status switch
    {
        { IsPostCopyFailed: true } => GuestState.PostCopyFailed,
        { IsPostCopy: true } => GuestState.PostCopy,
        { IsExecuting: true } => GuestState.Running,
        { IsPausedForMigration: true } => GuestState.PausedForMigration,
        { HasCrashed: true } => GuestState.Crashed,
        { WasEnded: true } => GuestState.Ended,
        { State: DomainState.ShutOff, ReasonCode: ShutOffByMigration } => GuestState.MigratedAway,
        { IsActive: false } => GuestState.ShutOff,
        // A guest that panicked is kept as it was (on_crash preserve).
        { State: DomainState.Crashed } => GuestState.Paused,
        { IsPausedByError: true } => GuestState.PausedByError,
        { State: DomainState.Paused or DomainState.PmSuspended, ReasonCode: 0 } => GuestState.PausedUnexplained,
        { State: DomainState.Paused or DomainState.PmSuspended } => GuestState.Paused,
        _ => GuestState.ShuttingDown,
    };
}
