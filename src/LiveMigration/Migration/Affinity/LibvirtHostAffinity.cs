using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.Migration.Affinity;

/// <summary>What a client that died left changed on a host.</summary>
public static class LibvirtHostAffinity
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Puts CPU pinnings back that a migration changed and whose client died before it could. Those of domains that still migrate
    /// are put back in the background as soon as they have arrived. What was done the host's notices tell.
    /// </summary>
    /// <param name="host">The host; call it for both sides.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The names of the domains whose pinning was put back at once.</returns>
    public static async Task<IReadOnlyList<string>> RecoverAffinityAsync(this LibvirtHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (new AffinityJournal(host.State).Orphans().Count == 0)
            return [];
        var uuid = (await host.GetUuidAsync(cancellationToken).ConfigureAwait(false)).GetValueOrDefault();
        var (recovered, migrating) = await MigrationAffinity.RecoverAsync(host, uuid, cancellationToken).ConfigureAwait(false);
        if (migrating)
            _ = RecoverLaterAsync(host, uuid);
        return recovered;
    }

    private static async Task RecoverLaterAsync(LibvirtHost host, Guid uuid)
    {
        for (var migrating = true; migrating;)
        {
            await Task.Delay(Look).ConfigureAwait(false);
            try
            {
                (_, migrating) = await MigrationAffinity.RecoverAsync(host, uuid, CancellationToken.None).ConfigureAwait(false);
            }
            catch (LiveMigrationException error) when (error.Fault == Faults.HostNotAnswering)
            {
                // A domain that has just arrived may be locked for a while.
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                return; // The host is gone: what is written down is for the next process that connects it.
            }
        }
    }
}
