using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Storage.Sharing;

/// <summary>hosts + shared storage → verified pools.</summary>
public static class SharedStorageSetup
{
    /// <summary>Defines, builds and starts the pool on each host, verifies that all see the same files, and lets it start with the hosts.</summary>
    /// <param name="storage">The storage to share.</param>
    /// <param name="hosts">Two hosts or more.</param>
    /// <param name="cancellationToken">Gives up; what was done is undone.</param>
    /// <exception cref="LiveMigrationException">It cannot be set up on one of them; what was done is undone. A folder that was made stays, empty.</exception>
    public static async Task<IReadOnlyList<SharedPool>> SetUpAsync(
        this SharedStorage storage, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(hosts);
        var done = hosts.Select(host => new PoolOnHost(storage, host)).ToList();
        try
        {
            foreach (var pool in done)
                await pool.StartAsync(cancellationToken).ConfigureAwait(false);
            foreach (var other in hosts.Skip(1))
                await VerifyAsync(storage, hosts[0], other, cancellationToken).ConfigureAwait(false);
            foreach (var pool in done)
                await pool.KeepAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException)
        {
            var left = new List<string>();
            foreach (var pool in Enumerable.Reverse(done))
                left.AddRange(await pool.UndoAsync().ConfigureAwait(false));
            if (left.Count == 0 || error is not LiveMigrationException failed)
                throw;
            throw new LiveMigrationException(failed.Fault, $"{failed.Message} Some changes could not be rolled back: {string.Join(" ", left)}", failed.Host, failed);
        }

        var evidence = $"Verified with test files: {string.Join(" and ", hosts.Select(host => host.Name))} see each other's files.";
        return done.Select(pool => pool.Told(evidence)).ToArray();
    }

    /// <summary>Each way, as a host may be allowed to read only.</summary>
    private static async Task VerifyAsync(SharedStorage storage, LibvirtHost one, LibvirtHost other, CancellationToken cancellationToken)
    {
        foreach (var (writer, reader) in new[] { (one, other), (other, one) })
        {
            bool seen;
            try
            {
                seen = await StorageMarker.IsSeenAsync(writer, storage.Name, reader, storage.Name, cancellationToken).ConfigureAwait(false);
            }
            catch (LibvirtException error)
            {
                throw new LiveMigrationException(
                    Faults.StorageNotShared, $"{writer.Name} cannot write to {storage}: {error.LibvirtMessage.TrimEnd('.')}.", writer.Name, error);
            }

            if (!seen)
                throw new LiveMigrationException(Faults.StorageNotShared, $"{reader.Name} does not see a file that {writer.Name} wrote to {storage}: it is not the same storage.", reader.Name);
        }
    }
}
