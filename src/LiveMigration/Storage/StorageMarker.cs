using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Tracing;

namespace LiveMigration.Storage;

/// <summary>
/// Finds out whether two pools are one folder: an empty file with a name that cannot be guessed is made in one, looked up in the
/// other, and removed.
/// </summary>
internal static class StorageMarker
{
    /// <summary>Whether it was seen.</summary>
    /// <exception cref="LiveMigrationException">It could not be made, or the other pool not be looked at.</exception>
    internal static async Task<bool> IsSeenAsync(
        LibvirtHost source, string sourcePool, LibvirtHost destination, string destinationPool, CancellationToken cancellationToken)
    {
        var name = $"livemigration-{Guid.NewGuid():N}.marker";
        // One that is made after it was given up is removed again where it was made.
        var order = new Order<bool>(source, connection => Make(connection, sourcePool, name), (connection, _) => Remove(connection, sourcePool, name));
        await order.GiveAsync(source.Options.CallTimeout, cancellationToken).ConfigureAwait(false);
        var seen = false;
        try
        {
            return seen = await destination.CallAsync(connection => IsThere(connection, destinationPool, name), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await source.CallAsync(connection => Remove(connection, sourcePool, name), CancellationToken.None).ConfigureAwait(false);
            // The other side must not believe in it any longer.
            if (seen)
                await destination.CallAsync(connection => Refresh(connection, destinationPool), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static bool Make(Connection connection, string poolName, string name)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        pool.CreateVolume(VolumeXml.Marker(name)).Dispose();
        return true;
    }

    private static bool IsThere(Connection connection, string poolName, string name)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        pool.Refresh();
        using var volume = pool.FindVolume(name);
        return volume is not null || IsTaken(pool, name);
    }

    /// <summary>
    /// Whether a file of that name is in the way of another. A list of files may be an old one, which an NFS client keeps for up to a minute; a name
    /// that was never asked for is looked up at the server.
    /// </summary>
    private static bool IsTaken(NativePool pool, string name)
    {
        NativeVolume made;
        try
        {
            made = pool.CreateVolume(VolumeXml.Marker(name));
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.StorageVolumeExists or LibvirtErrorCode.OperationInvalid && pool.IsActive())
        {
            return true;
        }

        using (made)
        {
            try
            {
                made.Delete();
            }
            catch (LibvirtException error)
            {
                // It was not there before: that is known, whatever becomes of this one.
                Tracer.Say($"The empty file {name}, which was made to compare storage, could not be removed: {error.Message}");
            }
        }

        return false;
    }

    private static void Refresh(Connection connection, string poolName)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        pool.Refresh();
    }

    private static void Remove(Connection connection, string poolName, string name)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        using var volume = pool.FindVolume(name);
        volume?.Delete();
    }
}
