using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Storage;

/// <summary>
/// Finds out whether two pools are one folder: an empty file with a name that cannot be guessed is made in one, looked up in the
/// other, and removed.
/// </summary>
internal static class StorageMarker
{
    /// <summary>Whether it was seen.</summary>
    /// <exception cref="Errors.LiveMigrationException">It could not be made, or the other pool not be looked at.</exception>
    internal static async Task<bool> IsSeenAsync(
        LibvirtHost source, string sourcePool, LibvirtHost destination, string destinationPool, CancellationToken cancellationToken)
    {
        var name = $"livemigration-{Guid.NewGuid():N}.marker";
        await source.CallAsync(connection => Make(connection, sourcePool, name), cancellationToken).ConfigureAwait(false);
        var seen = false;
        try
        {
            return seen = await destination.CallAsync(connection => Look(connection, destinationPool, name), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await source.CallAsync(connection => Remove(connection, sourcePool, name), CancellationToken.None).ConfigureAwait(false);
            // The other side must not believe in it any longer.
            if (seen)
                await destination.CallAsync(connection => Look(connection, destinationPool, name), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static void Make(Connection connection, string poolName, string name)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        pool.CreateVolume(VolumeXml.Marker(name)).Dispose();
    }

    private static bool Look(Connection connection, string poolName, string name)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        pool.Refresh();
        using var volume = pool.FindVolume(name);
        return volume is not null;
    }

    private static void Remove(Connection connection, string poolName, string name)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        using var volume = pool.FindVolume(name);
        volume?.Delete();
    }
}
