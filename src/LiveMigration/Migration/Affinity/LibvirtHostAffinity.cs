using LiveMigration.Hosts;

namespace LiveMigration.Migration.Affinity;

/// <summary>What a client that died left changed on a host.</summary>
public static class LibvirtHostAffinity
{
    /// <summary>Puts CPU pinnings back that a migration changed and whose client died before it could.</summary>
    /// <param name="host">The host; call it for both sides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The names of the domains whose pinning was put back.</returns>
    public static async Task<IReadOnlyList<string>> RecoverAffinityAsync(this LibvirtHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (AffinityJournal.Orphans().Count == 0)
            return [];
        var info = await host.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        return await MigrationAffinity.RecoverAsync(host, info.Uuid, cancellationToken).ConfigureAwait(false);
    }
}
