using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Storage.Images;

/// <summary>The images that were made at a destination, and are ours until the domain has moved onto them.</summary>
internal sealed class DestinationImages
{
    private readonly LibvirtHost _host;
    private readonly ImageJournal _journal;
    private readonly List<ImageEntry> _entries = [];
    private readonly List<string> _folders = [];

    private DestinationImages(LibvirtHost host) => (_host, _journal) = (host, new ImageJournal(host.State));

    /// <summary>Makes every image that has to be made; when one cannot be, those before it are removed again.</summary>
    /// <param name="domain">The domain's UUID.</param>
    /// <param name="host">The destination.</param>
    /// <param name="moves">The disks.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<DestinationImages> MakeAsync(Guid domain, LibvirtHost host, IEnumerable<DiskMove> moves, CancellationToken cancellationToken)
    {
        var images = new DestinationImages(host);
        var wanted = moves.Where(move => move.MakesImage).ToList();
        if (wanted.Count == 0)
            return images;
        try
        {
            var uuid = (await host.GetUuidAsync(cancellationToken).ConfigureAwait(false)).GetValueOrDefault();
            foreach (var move in wanted)
                await images.MakeAsync(domain, uuid, move, cancellationToken).ConfigureAwait(false);
            return images;
        }
        catch
        {
            await images.RemoveAsync(TimeSpan.Zero).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>They belong to the domain now.</summary>
    internal void HandOver()
    {
        foreach (var entry in _entries)
            _journal.Remove(entry);
        _entries.Clear();
        _folders.Clear();
    }

    /// <summary>Removes what was made, and nothing else. To be called when the domain is known to run without it.</summary>
    /// <param name="patience">How long it is tried again; a link that broke may come back.</param>
    /// <returns>What could not be removed, and why; such images stay in the journal.</returns>
    internal async Task<IReadOnlyList<string>> RemoveAsync(TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        var failures = await TryRemoveAsync().ConfigureAwait(false);
        while (failures.Count > 0 && TimeProvider.System.GetElapsedTime(started) < patience)
        {
            await Task.Delay(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            failures = await TryRemoveAsync().ConfigureAwait(false);
        }

        return failures;
    }

    private async Task<IReadOnlyList<string>> TryRemoveAsync()
    {
        var failures = new List<string>();
        foreach (var entry in _entries.ToList())
        {
            try
            {
                if (entry.IsMade)
                    await RemoveAsync(entry).ConfigureAwait(false);
                _journal.Remove(entry);
                _entries.Remove(entry);
            }
            catch (LiveMigrationException error)
            {
                failures.Add($"The image '{entry.Name}' in pool '{entry.Pool}' on {_host.Name} was created for this migration and could not be removed: {error.Message}");
            }
        }

        if (failures.Count > 0)
            return failures;
        foreach (var folder in _folders.ToList())
        {
            try
            {
                await FolderPools.RemoveFolderAsync(_host, folder).ConfigureAwait(false);
                _folders.Remove(folder);
            }
            catch (LiveMigrationException error)
            {
                failures.Add($"The folder {folder} on {_host.Name} was created for this migration and could not be removed: {error.Message}");
            }
        }

        return failures;
    }

    /// <summary>In a pool of the host, or in one that is there only for that.</summary>
    private async Task MakeAsync(Guid domain, Guid uuid, DiskMove move, CancellationToken cancellationToken)
    {
        if (move.Pool is not { IsMomentary: true, Name: var folder })
        {
            await MakeAsync(domain, uuid, move, null, cancellationToken).ConfigureAwait(false);
            return;
        }

        var lease = await FolderPools.MakeAsync(_host, folder, move.FolderMode ?? "0755", cancellationToken).ConfigureAwait(false);
        await using var closing = lease.ConfigureAwait(false);
        _folders.AddRange(lease.Made);
        await MakeAsync(domain, uuid, move, Opened(lease, folder), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An image that is made after it was given up is removed again where it was made.</summary>
    private async Task MakeAsync(Guid domain, Guid uuid, DiskMove move, string? opened, CancellationToken cancellationToken)
    {
        if (move.Replaced is not null && await UserAsync(domain, move.Destination!, cancellationToken).ConfigureAwait(false) is { } user)
            throw new LiveMigrationException(Faults.DestinationImageInUse, $"{move.Target} cannot be copied: {move.Destination} on {_host.Name} is used by '{user}' now.", _host.Name);
        if (move.Replaced is not null)
            await _host.CallAsync(connection => RemoveLeft(connection, domain, uuid, move, opened), cancellationToken).ConfigureAwait(false);
        var order = new Order<ImageEntry>(_host, connection => Make(connection, domain, uuid, move, opened), (connection, entry) =>
        {
            Remove(connection, opened ?? entry.Pool, entry.Name);
            _journal.Remove(entry);
        });
        var entry = await order.GiveAsync(_host.Options.CallTimeout, cancellationToken).ConfigureAwait(false);
        _entries.Add(entry);
        if (move.Encryption is not null && !await _host.CallAsync(connection => IsEncrypted(connection, opened ?? entry.Pool, entry.Name), cancellationToken).ConfigureAwait(false))
            throw new LiveMigrationException(Faults.ImageNotMade, $"{_host.Name}: libvirt created the image {move.Destination} for {move.Target} without encryption; it is removed.", _host.Name);
    }

    /// <summary>A domain, or an image, that has begun to need it since the migration was planned.</summary>
    private async Task<string?> UserAsync(Guid domain, string path, CancellationToken cancellationToken)
    {
        var users = await ImageUsers.ReadAsync(_host, domain, null, cancellationToken).ConfigureAwait(false);
        return await _host.CallAsync(connection => users.Of(path, new HostStorage(connection)), cancellationToken).ConfigureAwait(false) is [var user, ..] ? user : null;
    }

    private async Task RemoveAsync(ImageEntry entry)
    {
        if (!entry.IsInFolder)
        {
            await _host.CallAsync(connection => Remove(connection, entry.Pool, entry.Name), CancellationToken.None).ConfigureAwait(false);
            return;
        }

        var lease = await FolderPools.OpenAsync(_host, [entry.Pool], CancellationToken.None).ConfigureAwait(false);
        await using var closing = lease.ConfigureAwait(false);
        if (!lease.IsAbsent(entry.Pool))
            await _host.CallAsync(connection => Remove(connection, Opened(lease, entry.Pool), entry.Name), CancellationToken.None).ConfigureAwait(false);
    }

    private string Opened(FolderLease lease, string folder) => lease.NameOf(folder)
        ?? throw new LiveMigrationException(Faults.ImageNotMade, $"{_host.Name}: no transient pool could be made over {folder}: another pool may have been defined there.", _host.Name);

    /// <summary>What is left as it is, as it is not certain that it is ours; it stays in the journal.</summary>
    internal IReadOnlyList<string> Kept(string reason) =>
        [.. _entries.Select(entry => $"The image '{entry.Name}' in pool '{entry.Pool}' on {_host.Name} was created for this migration and is kept: {reason}.")];

    private static string NameOf(DiskMove move) => move.Destination![(move.Destination!.LastIndexOf('/') + 1)..];

    private static NativePool PoolOf(Connection connection, DiskMove move, string? opened) =>
        opened is null ? PoolSetup.Ensure(connection, move.Pool!) : NativePool.Lookup(connection, opened);

    private ImageEntry Make(Connection connection, Guid domain, Guid host, DiskMove move, string? opened)
    {
        var (facts, name) = (move.Pool!, NameOf(move));
        using var pool = PoolOf(connection, move, opened);
        foreach (var stale in _journal.Leftovers(facts.Name, name, host))
            _journal.Remove(stale);
        var entry = _journal.Plan(domain, host, facts.Name, name);
        try
        {
            pool.CreateVolume(VolumeXml.Of(name, move.Format!, move.Capacity!.Value, allocation: 0, move.Backing, move.Header, move.Encryption)).Dispose();
        }
        catch (LibvirtException error)
        {
            // Where no answer came, it may be there all the same: the journal says that it was planned.
            if (error.Fault != Faults.ConnectionLost)
                _journal.Remove(entry);
            throw new LiveMigrationException(error.Code is LibvirtErrorCode.NoSecret ? Faults.SecretMissing : Faults.ImageNotMade,
                $"{connection.Host}: the image {move.Destination} for {move.Target} could not be created: {error.LibvirtMessage.TrimEnd('.')}.", connection.Host, error);
        }

        return _journal.Made(entry);
    }

    /// <summary>What the domain left there, if it is still as it was left.</summary>
    private void RemoveLeft(Connection connection, Guid domain, Guid host, DiskMove move, string? opened)
    {
        using var pool = PoolOf(connection, move, opened);
        PoolLooks.TryRefresh(pool);
        using var volume = pool.FindVolume(NameOf(move));
        if (volume is null)
            return;
        var images = new LeftImages(_host.State);
        var left = images.Find(domain, host, Volume.Parse(move.Pool!.Name, volume.GetXml()))
            ?? throw new LiveMigrationException(
                Faults.DestinationImageExists, $"{move.Target} cannot be copied: {move.Destination} on {connection.Host} has changed since the migration was planned.", connection.Host);
        volume.Delete();
        images.Forget(left);
    }

    private static bool IsEncrypted(Connection connection, string poolName, string name)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        using var volume = pool.FindVolume(name);
        return volume is not null && Volume.Parse(poolName, volume.GetXml()).IsEncrypted;
    }

    private static void Remove(Connection connection, string poolName, string name)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        using var volume = pool.FindVolume(name);
        volume?.Delete();
    }
}
