using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Storage.Images;

namespace LiveMigration.Storage;

/// <summary>Asks both hosts about a domain's disks.</summary>
internal static class StorageFacts
{
    /// <summary>Looks at each disk at the source, at its place at the destination, and, where that is not enough, writes a marker.</summary>
    /// <param name="domain">The domain at the source.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="places">Other paths or pools at the destination, by target name.</param>
    /// <param name="options">What is asked of the disks.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    internal static async Task<IReadOnlyList<DiskFacts>> ReadAsync(
        LibvirtDomain domain, LibvirtHost destination, IReadOnlyDictionary<string, string> places, StorageOptions options, CancellationToken cancellationToken)
    {
        var seen = domain.Host.CallAsync(connection => AtSource(connection, domain), cancellationToken);
        var used = options.Copy is CopyStorage.None || !domain.Disks.Any(disk => disk.Source is not null)
            ? null
            : ImageUsers.ReadAsync(destination, domain.Uuid, cancellationToken);
        var disks = await seen.ConfigureAwait(false);
        // Nothing is copied, or there is nothing that could be: no more is to be known.
        if (used is null || !disks.Any(disk => IsOnHost(disk.Disk)))
            return disks;
        var users = await used.ConfigureAwait(false);
        var (both, below) = await destination.CallAsync(connection => AtDestination(connection, disks, places, users), cancellationToken).ConfigureAwait(false);
        both = await WithTurnsAsync(domain.Host, destination, both, cancellationToken).ConfigureAwait(false);
        both = await WithMarkersAsync(domain.Host, destination, both, cancellationToken).ConfigureAwait(false);
        if (options.Copy is CopyStorage.Full)
            return both;
        for (var index = 0; index < both.Count; index++)
        {
            if (both[index] is { IsSameFile: false, SourceChain: { Count: > 1 } chain })
            {
                var layers = chain.Skip(1).ToList();
                var match = await BaseImage.CompareAsync(domain.Host, layers, destination, below[index], options.BaseCheck, cancellationToken).ConfigureAwait(false);
                both = [.. both.Select((disk, at) => at == index ? disk with { Base = match } : disk)];
            }
        }

        return both;
    }

    /// <summary>Whether it is an image or a device of the host, and not of the network.</summary>
    internal static bool IsOnHost(DomainDisk disk) => disk.Source is not null && disk.Type is "file" or "block";

    private static IReadOnlyList<DiskFacts> AtSource(Connection connection, LibvirtDomain domain)
    {
        using var native = connection.LookupByUuid(domain.Uuid);
        var disks = DiskReader.ReadAll(domain, XElement.Parse(native.GetXml(XmlView.Live)), StoragePool.Read(connection));
        if (!disks.Exists(IsOnHost))
            return [.. disks.Select(disk => new DiskFacts { Disk = disk })];
        var storage = new HostStorage(connection);
        return
        [
            .. disks.Select(disk => !IsOnHost(disk) ? new DiskFacts { Disk = disk } : new DiskFacts
            {
                Disk = disk,
                SourcePool = storage.PoolOf(disk.Source),
                SourceChain = storage.Chain(storage.Find(disk.Source)),
            }),
        ];
    }

    private static (IReadOnlyList<DiskFacts> Disks, IReadOnlyList<IReadOnlyList<Volume?>> Below) AtDestination(
        Connection connection, IReadOnlyList<DiskFacts> disks, IReadOnlyDictionary<string, string> places, ImageUsers users)
    {
        var storage = new HostStorage(connection);
        var both = disks.Select(disk =>
        {
            if (!IsOnHost(disk.Disk))
                return disk;
            var mapped = places.TryGetValue(disk.Disk.Target, out var place);
            var path = mapped ? ImagePlace.Resolve(place!, disk.Disk, storage.Pools, connection.Host) : disk.Disk.Source!;
            var there = storage.Find(path);
            return disk with
            {
                DestinationPath = path,
                IsMapped = mapped,
                DestinationPool = storage.PoolOf(path),
                DestinationVolume = there,
                IsLeftover = there is not null && ImageJournal.Leftovers(there.Pool, there.Name, users.Host).Any(),
                UsedBy = there is null ? users.Of(path) : users.Of(path, storage),
            };
        }).ToList();
        // What lies below is looked for where the source has it: that is the path which the overlay names.
        return (both, [.. disks.Select(disk => (IReadOnlyList<Volume?>)[.. disk.SourceChain.Skip(1).Select(layer => storage.Find(layer.Path))])]);
    }

    /// <summary>
    /// Both places are looked at again, in turn. One file, or two that are written all the time, never goes back from look to look;
    /// another file that happens to have been changed between two looks at the source's is found as it was.
    /// </summary>
    private static async Task<IReadOnlyList<DiskFacts>> WithTurnsAsync(
        LibvirtHost source, LibvirtHost destination, IReadOnlyList<DiskFacts> disks, CancellationToken cancellationToken)
    {
        if (!disks.Any(disk => disk is { SourceVolume.Changed: not null, DestinationVolume.Changed: not null }))
            return disks;
        var here = await source.CallAsync(connection => Changes(connection, disks, disk => disk.Disk.Source), cancellationToken).ConfigureAwait(false);
        if (!disks.Where((disk, at) => GoesOn(disk, here[at])).Any())
            return disks;
        var there = await destination.CallAsync(connection => Changes(connection, disks, disk => disk.DestinationPath), cancellationToken).ConfigureAwait(false);
        return [.. disks.Select((disk, at) => disk with { ChangesTogether = GoesOn(disk, here[at]) && here[at] <= there[at] })];

        static bool GoesOn(DiskFacts disk, decimal? third) =>
            disk.SourceVolume?.Changed <= disk.DestinationVolume?.Changed && disk.DestinationVolume?.Changed <= third;
    }

    /// <summary>When each file was last changed.</summary>
    private static IReadOnlyList<decimal?> Changes(Connection connection, IReadOnlyList<DiskFacts> disks, Func<DiskFacts, string?> path)
    {
        var storage = new HostStorage(connection);
        return [.. disks.Select(disk => storage.Find(path(disk))?.Changed)];
    }

    private static async Task<IReadOnlyList<DiskFacts>> WithMarkersAsync(
        LibvirtHost source, LibvirtHost destination, IReadOnlyList<DiskFacts> disks, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<(string, string), bool?>();
        var marked = new List<DiskFacts>();
        foreach (var disk in disks)
        {
            if (disk is not { SourcePool: { IsActive: true, HoldsFiles: true } here, DestinationPool: { IsActive: true, HoldsFiles: true } there })
            {
                marked.Add(disk);
                continue;
            }

            if (!answers.TryGetValue((here.Name, there.Name), out var seen))
                answers[(here.Name, there.Name)] = seen = await TryMarkAsync(here.Name, there.Name).ConfigureAwait(false);
            marked.Add(disk with { MarkerSeen = seen });
        }

        return marked;

        async Task<bool?> TryMarkAsync(string here, string there)
        {
            try
            {
                return await StorageMarker.IsSeenAsync(source, here, destination, there, cancellationToken).ConfigureAwait(false);
            }
            catch (LibvirtException)
            {
                return null; // A pool that cannot be written, or is busy, tells nothing.
            }
        }
    }
}
