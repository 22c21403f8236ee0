using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Hosts;

namespace LiveMigration.Storage.Images;

/// <summary>Which domains of a host use which images, running or not.</summary>
internal sealed class ImageUsers
{
    private readonly ILookup<string, string> _byPath;

    private ImageUsers(Guid host, Guid domain, IEnumerable<(string Path, string Name)> uses)
    {
        Host = host;
        Domain = domain;
        _byPath = uses.ToLookup(use => use.Path, use => use.Name);
    }

    /// <summary>The host's UUID.</summary>
    internal Guid Host { get; }

    /// <summary>The domain that does not count.</summary>
    internal Guid Domain { get; }

    /// <summary>All paths that they use.</summary>
    internal IEnumerable<string> Paths => _byPath.Select(use => use.Key);

    /// <summary>Who uses a device or a file under another name, by what the host's kernel says.</summary>
    internal IEnumerable<string> Of(string path, DeviceLook look) => _byPath.Where(use => look.IsSame(path, use.Key)).SelectMany(use => use).Distinct();

    internal IReadOnlyList<string> Of(string path) => [.. _byPath[path].Distinct()];

    /// <summary>Who needs an image that is there: domains, under whatever path, and images that lie on it.</summary>
    internal IReadOnlyList<string> Of(string path, HostStorage storage) =>
    [
        .. _byPath.Where(use => storage.IsSameFile(path, use.Key)).SelectMany(use => use).Distinct(),
        .. storage.LyingOn(path),
    ];

    /// <summary>By the definitions of all domains of the host but one.</summary>
    /// <param name="host">The host.</param>
    /// <param name="except">The domain that does not count.</param>
    /// <param name="inventory">What was asked before, in the same run; null to ask now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<ImageUsers> ReadAsync(LibvirtHost host, Guid except, Inventory? inventory, CancellationToken cancellationToken)
    {
        inventory ??= new();
        var self = inventory.Facts.OfAsync(host, cancellationToken);
        var domains = await inventory.Definitions.OfAsync(host, cancellationToken).ConfigureAwait(false);
        var uuid = (await self.ConfigureAwait(false)).Info.Uuid;
        return await host.CallAsync(
            connection =>
            {
                var storage = new HostStorage(connection);
                return new ImageUsers(uuid.GetValueOrDefault(), except, [.. domains.Where(domain => domain.Domain.Uuid != except).SelectMany(domain => Uses(storage, domain))]);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<(string Path, string Name)> Uses(HostStorage storage, DefinedDomain domain) => domain.Definitions is null
        ? domain.Domain.Disks.Where(disk => disk.Source is not null).Select(disk => (disk.Source!, domain.Domain.Name))
        : domain.Definitions.SelectMany(Disks).Select(source => storage.Resolve(source)?.Path).OfType<string>().Distinct().Select(path => (path, domain.Domain.Name))
            .Concat(domain.Snapshots.SelectMany(snapshot => OfSnapshot(snapshot, storage).Select(path => (path, $"{domain.Domain.Name} (snapshot {snapshot.Element("name")?.Value})"))));

    /// <summary>Images that only a snapshot names: those with which the domain ran when it was taken, those that were begun then, and its memory.</summary>
    internal static IEnumerable<string> OfSnapshot(XElement snapshot, HostStorage? storage) => snapshot.Elements("domain").Concat(snapshot.Elements("inactiveDomain")).SelectMany(Disks)
        .Concat(snapshot.Elements("disks").Elements("disk").Where(disk => (string?)disk.Attribute("snapshot") is "external").SelectMany(Sources))
        .Select(source => (storage?.Resolve(source) ?? source).Path)
        .Append((string?)snapshot.Element("memory")?.Attribute("file"))
        .OfType<string>().Distinct();

    private static IEnumerable<DiskSource> Disks(XElement definition) => definition.Elements("devices").Elements("disk").SelectMany(Sources);

    /// <summary>The image of a disk and all below it, and the image that a block job writes.</summary>
    private static IEnumerable<DiskSource> Sources(XElement disk) =>
        DiskSource.Chain(disk).Concat(disk.Element("mirror") is { } mirror ? DiskSource.Chain(mirror) : []);
}
