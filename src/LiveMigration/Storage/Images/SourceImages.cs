using System.Globalization;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Storage.Images;

/// <summary>The images that a domain left behind when it moved onto copies.</summary>
internal static class SourceImages
{
    /// <summary>libvirt renames nothing: it copies, on the host.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(4);

    /// <summary>Renames or removes one, as asked. To be called when the domain is known to run elsewhere.</summary>
    /// <param name="domain">The domain's UUID.</param>
    /// <param name="host">The source.</param>
    /// <param name="move">The disk.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="LiveMigrationException">It is left as it is, and why.</exception>
    internal static async Task<string> LeaveAsync(Guid domain, LibvirtHost host, DiskMove move)
    {
        var users = await ImageUsers.ReadAsync(host, domain, null, CancellationToken.None).ConfigureAwait(false);
        var path = move.SourceVolume!.Path;
        if (await DeviceLook.AtAsync(host, users.Paths.Append(path), CancellationToken.None).ConfigureAwait(false) is { } look)
        {
            if (users.Of(path, look).ToArray() is { Length: > 0 } names)
                throw new LiveMigrationException(Faults.SourceImageInUse, $"{path} is used by '{string.Join("', '", names)}'.", host.Name);
            if (look.UseOf(path) is { } use)
                throw new LiveMigrationException(Faults.SourceImageInUse, $"{path} is used by {host.Name} itself: {use}.", host.Name);
        }

        var image = await host.CallAsync(connection => Unused(connection, move, users), CancellationToken.None).ConfigureAwait(false);
        if (move.SourceDisk is SourceDisk.Rename)
            return await RenameAsync(domain, users.Host, host, image).ConfigureAwait(false);
        await host.CallAsync(connection => Delete(connection, image.Pool, image.Name), CancellationToken.None).ConfigureAwait(false);
        return "removed";
    }

    /// <summary>Writes down what is left, so that the domain can come back over it. To be called when the domain is known to run elsewhere.</summary>
    /// <param name="domain">The domain's UUID.</param>
    /// <param name="host">The source.</param>
    /// <param name="move">The disk.</param>
    /// <returns>Whether it is there; null where no pool holds its directory, so that it was not looked at.</returns>
    /// <exception cref="LiveMigrationException">It could not be looked at.</exception>
    internal static async Task<bool?> RecordAsync(Guid domain, LibvirtHost host, DiskMove move)
    {
        if (move.SourceVolume?.Path is not { } path)
            return null;
        var uuid = (await host.GetUuidAsync(CancellationToken.None).ConfigureAwait(false)).GetValueOrDefault();
        var isHeld = await host.CallAsync(connection => new HostStorage(connection).PoolOf(path) is not null, CancellationToken.None).ConfigureAwait(false);
        var folder = path[..Math.Max(path.LastIndexOf('/'), 1)];
        var lease = await FolderPools.OpenAsync(host, isHeld ? [] : [folder], CancellationToken.None).ConfigureAwait(false);
        await using var closing = lease.ConfigureAwait(false);
        var (isLookedAt, found) = await host.CallAsync(Look, CancellationToken.None).ConfigureAwait(false);
        if (found is not { } image)
            return isLookedAt || lease.IsAbsent(folder) ? false : null;
        new LeftImages(host.State).Record(domain, uuid, image);
        return true;

        (bool IsLookedAt, Volume? Found) Look(Connection connection)
        {
            var storage = new HostStorage(connection);
            return (storage.PoolOf(path) is { IsActive: true }, storage.Find(path));
        }
    }

    private static Volume Unused(Connection connection, DiskMove move, ImageUsers users)
    {
        var (storage, planned) = (new HostStorage(connection), move.SourceVolume!);
        var image = storage.Find(planned.Path);
        if (image is null || image.Pool != planned.Pool || image.Capacity != planned.Capacity || image.Format != planned.Format)
            throw new LiveMigrationException(Faults.SourceImageInUse, $"{planned.Path} has changed since the migration was planned.", connection.Host);
        // libvirt has the key, and writes the copy without encryption.
        if (move.SourceDisk is SourceDisk.Rename && image.IsEncrypted)
            throw new LiveMigrationException(Faults.SourceImageInUse, $"{image.Path} is encrypted, and libvirt's copy of it would not be.", connection.Host);
        return users.Of(image.Path, storage) is { Count: > 0 } names
            ? throw new LiveMigrationException(Faults.SourceImageInUse, $"{image.Path} is used by '{string.Join("', '", names)}'.", connection.Host)
            // libvirt looks at the first bytes, which in a raw image are the guest's: copied as something else, it would be lost.
            : move.SourceDisk is SourceDisk.Rename && image.Format != move.Format
                ? throw new LiveMigrationException(Faults.SourceImageInUse, $"libvirt reports the format of {image.Path} as {image.Format}, but it is {move.Format}.", connection.Host)
                : image;
    }

    /// <summary>The copy is journalled until it is the only one.</summary>
    private static async Task<string> RenameAsync(Guid domain, Guid hostId, LibvirtHost host, Volume image)
    {
        var name = MovedName(image.Name, DateTime.UtcNow);
        var journal = new ImageJournal(host.State);
        var entry = journal.Plan(domain, hostId, image.Pool, name);
        try
        {
            await host.CallAsync(connection => Copy(connection, image, name), Patience, CancellationToken.None).ConfigureAwait(false);
            entry = journal.Made(entry);
            await host.CallAsync(connection => Delete(connection, image.Pool, image.Name), CancellationToken.None).ConfigureAwait(false);
        }
        catch (LiveMigrationException error) when (entry.IsMade)
        {
            // Which of the two is left may not be known: neither is touched any more.
            throw new LiveMigrationException(error.Fault, $"{error.Message} A copy, {name}, remains next to it.", host.Name, error);
        }
        finally
        {
            journal.Remove(entry);
        }

        return $"renamed to {name}";
    }

    /// <summary>The name of an image that was moved away then: sorted by name, they are sorted by time.</summary>
    internal static string MovedName(string name, DateTime when) => string.Create(CultureInfo.InvariantCulture, $"{name}.moved-{when:yyyyMMdd-HHmmss}");

    private static bool Copy(Connection connection, Volume image, string name)
    {
        using var pool = NativePool.Lookup(connection, image.Pool);
        using var original = pool.FindVolume(image.Name)
            ?? throw new LiveMigrationException(Faults.SourceImageInUse, $"{image.Path} no longer exists.", connection.Host);
        using var copy = pool.CopyVolume(VolumeXml.Of(name, image.Format!, image.Capacity, allocation: 0, image.Backing), original);
        return true;
    }

    private static void Delete(Connection connection, string poolName, string name)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        using var volume = pool.FindVolume(name);
        volume?.Delete();
    }
}
