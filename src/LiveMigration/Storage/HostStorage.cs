using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Storage.Images;

namespace LiveMigration.Storage;

/// <summary>The storage of one host through one connection, for the time of one question.</summary>
/// <param name="connection">The connection.</param>
/// <param name="looks">The pools that were looked at again before; null for none.</param>
/// <param name="known">The pools as they were listed before; null to list them.</param>
internal sealed class HostStorage(Connection connection, PoolLooks? looks = null, IReadOnlyList<PoolState>? known = null)
{
    private readonly PoolLooks _looks = looks ?? new();

    private readonly HashSet<string> _fresh = [];

    /// <summary>The data file of each image that was looked into, null where it has none: a header is read once, however many disks are asked for.</summary>
    private readonly Dictionary<string, string?> _dataFiles = [];

    private readonly Lazy<List<PoolFacts>> _pools = new(() => known is not null ? [.. known.Select(pool => PoolFacts.Parse(pool.Xml, pool.Active)).Where(IsLasting)] :
    [
        .. StorageListing.PoolXml(connection, PoolFilter.Active).Select(xml => PoolFacts.Parse(xml, isActive: true)),
        .. StorageListing.PoolXml(connection, PoolFilter.Inactive).Select(xml => PoolFacts.Parse(xml, isActive: false)),
    ]);

    /// <summary>One that another migration had for the moment when the pools were listed may be gone.</summary>
    private static bool IsLasting(PoolFacts pool) => !pool.Name.StartsWith(PoolFacts.MomentaryPrefix, StringComparison.Ordinal);

    /// <summary>Its pools, asked for when they are first needed.</summary>
    internal IReadOnlyList<PoolFacts> Pools => _pools.Value;

    /// <summary>The pool whose volume this path is or would be, one that is started before others.</summary>
    internal PoolFacts? PoolOf(string? path) => path is null ? null : Pools.FirstOrDefault(pool => pool.Holds(path));

    /// <summary>What is at this path now; null when nothing is, or no started pool holds it.</summary>
    internal Volume? Find(string? path)
    {
        if (path is null || PoolOf(path) is not { IsActive: true } facts)
            return null;
        using var pool = NativePool.Lookup(connection, facts.Name);
        if (_fresh.Add(facts.Name))
        {
            _looks.Refresh(pool, connection.Host, facts.Name);
            // Its free space, too, is known only now.
            _pools.Value[_pools.Value.IndexOf(facts)] = PoolFacts.Parse(pool.GetXml(), isActive: true);
        }

        var name = path[(path.LastIndexOf('/') + 1)..];
        try
        {
            return Find(pool, name);
        }
        catch (LibvirtException error) when (error.Code is not LibvirtErrorCode.NoStoragePool)
        {
            // It was removed since the pool was looked at.
            PoolLooks.TryRefresh(pool);
            return Find(pool, name);
        }

        Volume? Find(NativePool pool, string name)
        {
            using var volume = pool.FindVolume(name);
            return volume is null ? null : Volume.Parse(facts.Name, volume.GetXml());
        }
    }

    /// <summary>A source that names pool and volume as the path or image that it is on this host; null where there is no such pool, or it tells none.</summary>
    internal DiskSource? Resolve(DiskSource source) =>
        source is { Type: "volume", Volume: { } volume } ? Pools.FirstOrDefault(pool => pool.Name == source.Pool)?.SourceOf(volume) : source;

    /// <summary>A volume and all that lies below it, top first.</summary>
    internal IReadOnlyList<Volume> Chain(Volume? top)
    {
        var chain = new List<Volume>();
        for (var volume = top; volume is not null && chain.TrueForAll(above => above.Path != volume.Path); volume = Find(volume.Backing?.Path))
            chain.Add(volume);
        return chain;
    }

    /// <summary>What a qcow2 image says of itself; null for another one, or where it cannot be read.</summary>
    internal Qcow2Header? Header(Volume? image)
    {
        if (image is not { Format: "qcow2" })
            return null;
        try
        {
            using var pool = NativePool.Lookup(connection, image.Pool);
            using var volume = pool.FindVolume(image.Name);
            return volume is null ? null : Header(volume, image);
        }
        catch (LibvirtException)
        {
            return null;
        }
    }

    private static Qcow2Header? Header(NativeVolume volume, Volume image)
    {
        var bytes = new List<byte>(Qcow2Header.Length);
        volume.Download(0, (ulong)Math.Min(image.Length, Qcow2Header.Length), piece => bytes.AddRange(piece.Span));
        return Qcow2Header.Parse([.. bytes]);
    }

    /// <summary>Whether two paths lead to one file: links and mounts do not show; the time of its last change does, which never goes back from look to look.</summary>
    internal bool IsSameFile(string path, string other)
    {
        if (path == other)
            return true;
        if (DeviceName.IsDevice(path) && DeviceName.IsDevice(other))
            return DeviceName.Usual(path) == DeviceName.Usual(other) || (VolumeAt(path) is { } device && VolumeAt(other) is { } alias && device == alias);
        return Find(path) is { Changed: { } first } image && Find(other)?.Changed is { } second && Find(path)?.Changed is { } third
            && Find(other) is { Changed: { } fourth } again
            && first <= second && second <= third && third <= fourth && image.Capacity == again.Capacity;
    }

    /// <summary>The pool and name of the volume that a path leads to: libvirt knows devices of a volume group or a SAN under all their names.</summary>
    private (string Pool, string Name)? VolumeAt(string path)
    {
        using var volume = NativeVolume.FindAt(connection, path);
        if (volume is null)
            return null;
        var found = Volume.Parse("", volume.GetXml());
        return Pools.FirstOrDefault(pool => pool.IsActive && pool.Holds(found.Path)) is { } pool ? (pool.Name, found.Name) : null;
    }

    /// <summary>The images of all started pools that lie on one, or have their data in it.</summary>
    internal IReadOnlyList<string> LyingOn(string path)
    {
        var found = new List<string>();
        foreach (var facts in Pools.Where(pool => pool is { IsActive: true, HoldsFiles: true }).ToList())
        {
            try
            {
                found.AddRange(LyingOn(path, facts));
            }
            catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoStoragePool or LibvirtErrorCode.NoStorageVolume or LibvirtErrorCode.OperationInvalid
                && facts.Name.StartsWith(PoolFacts.MomentaryPrefix, StringComparison.Ordinal))
            {
                // It was there for another migration of this moment, and is gone.
            }
        }

        return found;
    }

    private List<string> LyingOn(string path, PoolFacts facts)
    {
        var found = new List<string>();
        // A file with the data of another image has no format of its own; no image has to be read because of one that has.
        var isRaw = Find(path)?.Format is not "qcow2";
        using var pool = NativePool.Lookup(connection, facts.Name);
        if (_fresh.Add(facts.Name))
            _looks.Refresh(pool, connection.Host, facts.Name);
        foreach (var native in pool.Volumes())
        {
            using (native)
            {
                var volume = Volume.Parse(facts.Name, native.GetXml());
                if ((volume.Backing is { } below && IsSameFile(path, below.Path)) || (isRaw && DataFileOf(native, volume) is { } data && IsSameFile(path, data)))
                    found.Add(volume.Path);
            }
        }

        return found;
    }

    /// <summary>The file in which an image has its data, if that is another one; null also where the image cannot be read, as one that is being created.</summary>
    private string? DataFileOf(NativeVolume native, Volume volume)
    {
        if (volume.Format is not "qcow2")
            return null;
        if (!_dataFiles.TryGetValue(volume.Path, out var known))
            _dataFiles[volume.Path] = known = Read();
        return known;

        string? Read()
        {
            try
            {
                return Header(native, volume)?.DataFile is not { } name ? null
                    : name.StartsWith('/') ? name : $"{volume.Path[..volume.Path.LastIndexOf('/')]}/{name}";
            }
            catch (LibvirtException)
            {
                return null;
            }
        }
    }
}
