using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Storage.Images;

/// <summary>The images that were made at a destination, and are ours until the domain has moved onto them.</summary>
internal sealed class DestinationImages
{
    private readonly LibvirtHost _host;
    private readonly List<ImageEntry> _entries = [];

    private DestinationImages(LibvirtHost host) => _host = host;

    /// <summary>Makes every image that has to be made; when one cannot be, those before it are removed again.</summary>
    /// <param name="domain">The domain's UUID.</param>
    /// <param name="host">The destination.</param>
    /// <param name="moves">The disks.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    internal static async Task<DestinationImages> MakeAsync(Guid domain, LibvirtHost host, IEnumerable<DiskMove> moves, CancellationToken cancellationToken)
    {
        var images = new DestinationImages(host);
        var wanted = moves.Where(move => move.MakesImage).ToList();
        if (wanted.Count == 0)
            return images;
        try
        {
            var uuid = (await host.GetInfoAsync(cancellationToken).ConfigureAwait(false)).Uuid;
            foreach (var move in wanted)
                await host.CallAsync(connection => images.Make(connection, domain, uuid, move), cancellationToken).ConfigureAwait(false);
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
            ImageJournal.Remove(entry);
        _entries.Clear();
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
                    await _host.CallAsync(connection => Remove(connection, entry), CancellationToken.None).ConfigureAwait(false);
                ImageJournal.Remove(entry);
                _entries.Remove(entry);
            }
            catch (LiveMigrationException error)
            {
                failures.Add($"The image '{entry.Name}' in pool '{entry.Pool}' on {_host.Name} was created for this migration and could not be removed: {error.Message}");
            }
        }

        return failures;
    }

    /// <summary>What is left as it is, for want of certainty; it stays in the journal.</summary>
    internal IReadOnlyList<string> Kept(string reason) =>
        [.. _entries.Select(entry => $"The image '{entry.Name}' in pool '{entry.Pool}' on {_host.Name} was created for this migration and is kept: {reason}.")];

    private void Make(Connection connection, Guid domain, Guid host, DiskMove move)
    {
        var (facts, name) = (move.Pool!, move.Destination![(move.Destination!.LastIndexOf('/') + 1)..]);
        using var pool = PoolSetup.Ensure(connection, facts);
        foreach (var stale in ImageJournal.Leftovers(facts.Name, name, host))
            ImageJournal.Remove(stale);
        var entry = ImageJournal.Plan(domain, host, facts.Name, name);
        _entries.Add(entry);
        try
        {
            pool.CreateVolume(VolumeXml.Of(name, move.Format!, move.Capacity!.Value, allocation: 0, move.Backing)).Dispose();
        }
        catch (LibvirtException error)
        {
            throw new LiveMigrationException(Faults.ImageNotMade,
                $"{connection.Host}: the image {move.Destination} for {move.Target} could not be created: {error.LibvirtMessage.TrimEnd('.')}.", connection.Host, error);
        }

        _entries[^1] = ImageJournal.Made(entry);
    }

    private static void Remove(Connection connection, ImageEntry entry)
    {
        using var pool = NativePool.Lookup(connection, entry.Pool);
        using var volume = pool.FindVolume(entry.Name);
        volume?.Delete();
    }
}
