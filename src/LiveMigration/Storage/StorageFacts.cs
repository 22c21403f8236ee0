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
    /// <summary>Looks at each disk on the source, at its place on the destination, and, where that is not enough, writes a marker.</summary>
    /// <param name="domain">The domain on the source.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="places">Where its disks are to be on the destination.</param>
    /// <param name="options">What is asked of the disks.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="looks">The pools that were looked at before, in the same run; null for none.</param>
    /// <param name="inventory">What was asked before, in the same run; null for nothing.</param>
    internal static async Task<IReadOnlyList<DiskFacts>> ReadAsync(
        LibvirtDomain domain, LibvirtHost destination, DiskPlaces places, StorageOptions options, CancellationToken cancellationToken,
        PoolLooks? looks = null, Inventory? inventory = null)
    {
        looks ??= new();
        inventory ??= new();
        var source = domain.Host;
        var pools = await inventory.PoolsAsync(source, cancellationToken).ConfigureAwait(false);
        var seen = source.CallAsync(connection => AtSource(connection, domain, looks, pools), cancellationToken);
        var used = domain.Disks.Any(disk => disk.Source is not null) ? ImageUsers.ReadAsync(destination, domain.Uuid, inventory, cancellationToken) : null;
        var disks = await seen.ConfigureAwait(false);
        if (disks.All(disk => disk.Disk.Source is null))
            return disks;
        var servers = disks.SelectMany(disk => disk.Below.Prepend(disk)).SelectMany(disk =>
            disk.Disk.Chain.SelectMany(part => part.Servers).Concat(disk.SourcePool?.Servers ?? []).Concat(DeviceEvidence.PortalOf(disk.Disk.Source)));
        var named = servers.Select(server => server.Name).OfType<string>().Select(DiskServer.Bare).Distinct().ToList();
        var asked = named.Count == 0 ? null : Task.WhenAll(HostServers.AtAsync(source, named, cancellationToken), HostServers.AtAsync(destination, named, cancellationToken));
        var names = await HostNames.OfAsync(source, servers, cancellationToken).ConfigureAwait(false);
        var seenBy = asked is null ? [null, null] : await asked.ConfigureAwait(false);
        var users = await (used ?? ImageUsers.ReadAsync(destination, domain.Uuid, inventory, cancellationToken)).ConfigureAwait(false);
        var here = await FolderPools.OpenAsync(source, Folders(disks, disk => (disk.SourcePool, disk.Disk.Source)), cancellationToken).ConfigureAwait(false);
        await using var closingHere = here.ConfigureAwait(false);
        if (here.IsUsed)
            disks = await source.CallAsync(connection => AtSource(connection, domain, looks, pools: null), cancellationToken).ConfigureAwait(false);
        pools = await inventory.PoolsAsync(destination, cancellationToken).ConfigureAwait(false);
        var both = await destination.CallAsync(connection => AtDestination(destination, connection, disks, places, users, looks, pools), cancellationToken).ConfigureAwait(false);
        var there = await FolderPools.OpenAsync(destination, Folders(both, disk => (disk.DestinationPool, disk.DestinationPath)), cancellationToken).ConfigureAwait(false);
        await using var tclosingHere = there.ConfigureAwait(false);
        if (there.IsUsed)
            both = await destination.CallAsync(connection => AtDestination(destination, connection, disks, places, users, looks, pools: null), cancellationToken).ConfigureAwait(false);
        both = await WithKernelAsync(destination, [.. both.Select(Known)], users, options, cancellationToken).ConfigureAwait(false);
        // What lies below is looked at like a disk of its own, in the same calls.
        IReadOnlyList<DiskFacts> all = [.. both, .. both.SelectMany(disk => disk.Below)];
        all = await WithTurnsAsync(source, destination, all, looks, cancellationToken).ConfigureAwait(false);
        all = await WithMarkersAsync(source, destination, all, cancellationToken).ConfigureAwait(false);
        all = await WithAbsentAsync(destination, all, there, cancellationToken).ConfigureAwait(false);
        both = Together(both, all, Known);
        for (var index = 0; index < both.Count; index++)
        {
            if (await BaseAsync(source, destination, both[index], options, cancellationToken).ConfigureAwait(false) is { } match)
                both = [.. both.Select((disk, at) => at == index ? disk with { Base = match } : disk)];
            if (await ContentAsync(source, destination, both[index], options, cancellationToken).ConfigureAwait(false) is { } content)
                both = [.. both.Select((disk, at) => at == index ? disk with { Content = content } : disk)];
        }

        return [.. both.Select(Lasting)];

        DiskFacts Known(DiskFacts disk) => disk with { SourceNames = names.Own, ServersOfClient = names.Servers, ServersHere = seenBy[0], ServersThere = seenBy[1] };
    }

    /// <summary>The folders of disks' files, and of what lies below them, that no pool has. Of a medium in a drive less is asked.</summary>
    private static IEnumerable<string> Folders(IReadOnlyList<DiskFacts> disks, Func<DiskFacts, (PoolFacts? Pool, string? Path)> place) => disks
        .Where(disk => !disk.Disk.ReadOnly || !disk.Disk.Removable)
        .SelectMany(disk => disk.Below.Prepend(disk))
        .Where(disk => IsOnHost(disk.Disk) && disk.Disk.Image.Type is "file")
        .Select(place)
        .Where(at => at.Pool is null && at.Path is ['/', ..] && !at.Path.StartsWith("/dev/", StringComparison.Ordinal))
        .Select(at => FolderOf(at.Path!));

    private static string FolderOf(string path) => path[..Math.Max(path.LastIndexOf('/'), 1)];

    /// <summary>
    /// Who has what would be overwritten under another name, and what the host itself does with it. Where the shell of the host cannot be asked, only libvirt's
    /// word counts.
    /// </summary>
    private static async Task<IReadOnlyList<DiskFacts>> WithKernelAsync(
        LibvirtHost destination, IReadOnlyList<DiskFacts> disks, ImageUsers users, StorageOptions options, CancellationToken cancellationToken)
    {
        var paths = disks.Where(MayBeOverwritten).Select(disk => disk.DestinationPath!).ToHashSet();
        if (paths.Count == 0 || await DeviceLook.AtAsync(destination, paths.Concat(users.Paths), cancellationToken).ConfigureAwait(false) is not { } look)
            return disks;
        return [.. disks.Select(disk => disk.DestinationPath is { } path && paths.Contains(path)
            ? disk with { UsedBy = [.. disk.UsedBy.Union(users.Of(path, look))], HostUse = look.UseOf(path) }
            : disk)];

        bool MayBeOverwritten(DiskFacts disk) => DiskPlanner.IsWritable(disk.Disk) && IsOnHost(disk.Disk) && disk.DestinationPath is not null
            && (disk.GoesToDevice ? disk.IsMapped : disk.DestinationVolume is not null && (disk.IsMapped || disk.Replaces || options.Copy is CopyStorage.Full or CopyStorage.Incremental));
    }

    /// <summary>Where the destination has no folder, there is none of its files either.</summary>
    private static async Task<IReadOnlyList<DiskFacts>> WithAbsentAsync(
        LibvirtHost destination, IReadOnlyList<DiskFacts> disks, FolderLease there, CancellationToken cancellationToken)
    {
        var found = new List<DiskFacts>();
        foreach (var disk in disks)
        {
            found.Add(disk is { DestinationPool: null, DestinationPath: { } path } && there.IsAbsent(FolderOf(path))
                ? disk with { DestinationPool = PoolFacts.Absent(FolderOf(path), await AvailableAsync(destination, FolderOf(path), cancellationToken).ConfigureAwait(false)) }
                : disk);
        }

        return found;
    }

    /// <summary>Free space where a folder would be made: that of the first one above it that is there.</summary>
    private static async Task<long> AvailableAsync(LibvirtHost host, string folder, CancellationToken cancellationToken)
    {
        for (var above = FolderOf(folder); ; above = FolderOf(above))
        {
            var lease = await FolderPools.OpenAsync(host, [above], cancellationToken).ConfigureAwait(false);
            await using var closing = lease.ConfigureAwait(false);
            var pools = await host.CallAsync(connection => new HostStorage(connection).Pools, cancellationToken).ConfigureAwait(false);
            if (pools.FirstOrDefault(pool => pool is { IsActive: true, HoldsFiles: true } && pool.Pool.TargetPath?.TrimEnd('/') == above.TrimEnd('/')) is { } pool)
                return pool.Available;
            if (above == "/" || !lease.IsAbsent(above))
                return long.MaxValue; // Nothing tells.
        }
    }

    private static DiskFacts Lasting(DiskFacts disk) => disk with
    {
        SourcePool = disk.SourcePool?.Lasting(),
        DestinationPool = disk.DestinationPool?.Lasting(),
        Below = [.. disk.Below.Select(Lasting)],
    };

    /// <summary>Whether it is an image or a device of the host, and not of the network.</summary>
    internal static bool IsOnHost(DomainDisk disk) => disk.Source is not null && disk.Image.Type is "file" or "block";

    /// <summary>Whether what lies below an image is the same on the destination; null where nothing does, or where it is not needed there.</summary>
    private static async Task<BaseMatch?> BaseAsync(
        LibvirtHost source, LibvirtHost destination, DiskFacts disk, StorageOptions options, CancellationToken cancellationToken)
    {
        var isShared = DiskEvidence.Judge(disk, options, source.Name, destination.Name).IsShared;
        // What is not copied above it, or is refused as it is, needs no look at what lies below.
        if (disk.SourceChain.Count < 2 || (options.Copy is CopyStorage.Full or CopyStorage.None && !isShared))
            return null;
        var below = disk.SourceChain.Skip(1).ToList();
        if (disk.Below.Count >= below.Count && DiskEvidence.Missing(disk, options, source.Name, destination.Name) is null)
            return new BaseMatch(IsSame: true, IsThere: true, "both hosts access the same backing file");
        var there = below.Select(layer => disk.Below.FirstOrDefault(facts => facts.Disk.Source == layer.Path)?.DestinationVolume).ToList();
        return await BaseImage.CompareAsync(source, below, destination, there, options.BaseCheck, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether a disk that the guest cannot write has the same content on both hosts: what nobody changes may be two files. Of a medium, samples are enough; null
    /// where both hosts have one file, or where one of the two is not to be read.
    /// </summary>
    private static async Task<BaseMatch?> ContentAsync(
        LibvirtHost source, LibvirtHost destination, DiskFacts disk, StorageOptions options, CancellationToken cancellationToken)
    {
        if (!disk.Disk.ReadOnly || disk.SourceVolume is null || disk.DestinationVolume is null || DiskEvidence.Judge(disk, options, source.Name, destination.Name).IsShared)
            return null;
        IReadOnlyList<Volume?> there = [disk.DestinationVolume, .. disk.SourceChain.Skip(1).Select(layer => disk.Below.FirstOrDefault(facts => facts.Disk.Source == layer.Path)?.DestinationVolume)];
        var check = disk.Disk.Removable ? BaseCheck.Sampled : options.BaseCheck;
        try
        {
            var match = await BaseImage.CompareAsync(source, disk.SourceChain, destination, there, check, cancellationToken).ConfigureAwait(false);
            return match.IsSame ? match with { Finding = $"{disk.DestinationPath} has the same content on both hosts ({(check is BaseCheck.Full ? "every byte" : "samples")} compared)" } : match;
        }
        catch (LibvirtException)
        {
            return null;
        }
    }

    private static IReadOnlyList<DiskFacts> AtSource(Connection connection, LibvirtDomain domain, PoolLooks looks, IReadOnlyList<PoolState>? pools)
    {
        using var native = connection.LookupByUuid(domain.Uuid);
        var storage = new HostStorage(connection, looks, pools);
        var disks = DiskReader.ReadAll(domain, XElement.Parse(native.GetXml(XmlView.Live)), [.. storage.Pools.Select(pool => pool.Pool)]);
        if (disks.TrueForAll(disk => disk.Source is null))
            return [.. disks.Select(disk => new DiskFacts { Disk = disk })];
        return [.. disks.Select(disk =>
        {
            var facts = Here(Resolved(disk, storage), storage) with { Named = disk.Image.Type is "volume" ? disk.Image : null };
            if (DiskPlanner.IsWritable(disk))
                facts = facts with { Header = storage.Header(facts.SourceVolume) };
            // The definition of a domain that runs names all that lies below; pools know of what is in them.
            var below = facts.Disk.Chain.Count > 1 ? facts.Disk.Chain.Skip(1) : facts.SourceChain.Skip(1).Select(layer => new DiskSource("file") { Path = layer.Path });
            return facts with { Below = [.. below.Select(layer => Here(Layer(disk, storage.Resolve(layer) ?? layer), storage))] };
        })];

        static DiskFacts Here(DomainDisk disk, HostStorage storage) => !IsOnHost(disk) ? new DiskFacts { Disk = disk } : new DiskFacts
        {
            Disk = disk,
            SourcePool = storage.PoolOf(disk.Source),
            SourceChain = storage.Chain(storage.Find(disk.Source)),
        };
    }

    /// <summary>A disk that is named by pool and volume as the path that it is.</summary>
    private static DomainDisk Resolved(DomainDisk disk, HostStorage storage) => disk.Image.Type is "volume" && storage.Resolve(disk.Image) is { } image
        ? disk with { Source = image.Path ?? disk.Source, Chain = [image, .. disk.Chain.Skip(1)] }
        : disk;

    private static DomainDisk Layer(DomainDisk disk, DiskSource layer) =>
        disk with { Type = layer.Type, Source = layer.Path ?? layer.ToString(), Chain = [layer], Format = null, ReadOnly = true, Capacity = null };

    private static IReadOnlyList<DiskFacts> AtDestination(
        LibvirtHost host, Connection connection, IReadOnlyList<DiskFacts> disks, DiskPlaces places, ImageUsers users, PoolLooks looks, IReadOnlyList<PoolState>? pools)
    {
        var storage = new HostStorage(connection, looks, pools);
        return [.. disks.Select(disk => There(disk, places) with { Below = [.. disk.Below.Select(layer => There(layer, DiskPlaces.Unchanged))] })];

        DiskFacts There(DiskFacts disk, DiskPlaces places)
        {
            // The volume of a pool is where the destination's pool of that name has it.
            var image = places.Defined(disk.Disk.Target) ?? disk.Named ?? disk.Disk.Image;
            var there = storage.Resolve(image);
            if (!IsOnHost(disk.Disk))
                return disk with { There = there ?? image };
            var mapped = places.Mapped(disk.Disk.Target);
            var path = mapped is null ? there?.Path : ImagePlace.Resolve(mapped, disk.Disk, storage.Pools, connection.Host);
            if (path is null)
                return disk with { There = there ?? image };
            var found = storage.Find(path);
            return disk with
            {
                DestinationPath = path,
                IsMapped = mapped is not null || (places.Defined(disk.Disk.Target) is not null && path != disk.Disk.Source),
                DestinationPool = storage.PoolOf(path),
                DestinationVolume = found,
                IsLeftover = found is not null && new ImageJournal(host.State).Leftovers(storage.PoolOf(path)!.Lasting().Name, found.Name, users.Host).Any(),
                IsLeftByIt = found is not null && new LeftImages(host.State).Find(users.Domain, users.Host, found) is not null,
                UsedBy = found is null ? users.Of(path) : users.Of(path, storage),
            };
        }
    }

    /// <summary>What was found out of disks and of what lies below them, put together again.</summary>
    private static IReadOnlyList<DiskFacts> Together(IReadOnlyList<DiskFacts> disks, IReadOnlyList<DiskFacts> all, Func<DiskFacts, DiskFacts> known)
    {
        var next = disks.Count;
        return [.. disks.Select((disk, at) => all[at] with
        {
            Below = [.. disk.Below.Select(_ => known(all[next++]))],
        })];
    }

    /// <summary>
    /// Both places are looked at again, in turn. One file, or two that are written all the time, never goes back from look to look;
    /// another file that happens to have been changed between two looks on the source's is found as it was.
    /// </summary>
    private static async Task<IReadOnlyList<DiskFacts>> WithTurnsAsync(
        LibvirtHost source, LibvirtHost destination, IReadOnlyList<DiskFacts> disks, PoolLooks looks, CancellationToken cancellationToken)
    {
        if (!disks.Any(disk => disk is { SourceVolume.Changed: not null, DestinationVolume.Changed: not null }))
            return disks;
        var here = await source.CallAsync(connection => Changes(connection, disks, disk => disk.Disk.Source, looks), cancellationToken).ConfigureAwait(false);
        if (!disks.Where((disk, at) => GoesOn(disk, here[at])).Any())
            return disks;
        var there = await destination.CallAsync(connection => Changes(connection, disks, disk => disk.DestinationPath, looks), cancellationToken).ConfigureAwait(false);
        return [.. disks.Select((disk, at) => disk with { ChangesTogether = GoesOn(disk, here[at]) && here[at] <= there[at] })];

        static bool GoesOn(DiskFacts disk, decimal? third) =>
            disk.SourceVolume?.Changed <= disk.DestinationVolume?.Changed && disk.DestinationVolume?.Changed <= third;
    }

    /// <summary>When each file was last changed.</summary>
    private static IReadOnlyList<decimal?> Changes(Connection connection, IReadOnlyList<DiskFacts> disks, Func<DiskFacts, string?> path, PoolLooks looks)
    {
        var storage = new HostStorage(connection, looks);
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
