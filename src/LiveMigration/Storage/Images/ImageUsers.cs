using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

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

    internal IReadOnlyList<string> Of(string path) => [.. _byPath[path].Distinct()];

    /// <summary>Who needs an image that is there: domains, under whatever path, and images that lie on it.</summary>
    internal IReadOnlyList<string> Of(string path, HostStorage storage) =>
    [
        .. _byPath.Where(use => storage.IsSameFile(path, use.Key)).SelectMany(use => use).Distinct(),
        .. storage.LyingOn(path),
    ];

    /// <summary>Reads the definition of every domain of the host but one.</summary>
    internal static async Task<ImageUsers> ReadAsync(LibvirtHost host, Guid except, CancellationToken cancellationToken)
    {
        var self = host.GetInfoAsync(cancellationToken);
        var domains = await host.GetDomainsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var info = await self.ConfigureAwait(false);
        return await host.CallAsync(
            connection =>
            {
                var storage = new HostStorage(connection);
                return new ImageUsers(info.Uuid.GetValueOrDefault(), except, [.. domains.Where(domain => domain.Uuid != except).SelectMany(domain => Uses(connection, storage, domain))]);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<(string Path, string Name)> Uses(Connection connection, HostStorage storage, LibvirtDomain domain)
    {
        // A domain that arrives must not be asked for its definition: it answers after the migration.
        if (domain.Migrating)
            return domain.Disks.Where(disk => disk.Source is not null).Select(disk => (disk.Source!, domain.Name));
        try
        {
            using var native = connection.LookupByUuid(domain.Uuid);
            // What it starts with the next time may be another disk than it has now.
            string[] definitions = domain is { Persistent: true, Status.IsActive: true } ? [native.GetXml(XmlView.Live), native.GetXml(XmlView.Inactive)] : [native.GetXml(XmlView.Live)];
            return [.. definitions.SelectMany(xml => XElement.Parse(xml).Elements("devices").Elements("disk")).SelectMany(Sources)
                .Select(source => storage.Resolve(source)?.Path).OfType<string>().Distinct().Select(path => (path, domain.Name))];
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain)
        {
            return [];
        }
    }

    /// <summary>The image of a disk and all below it, and the image that a block job writes.</summary>
    private static IEnumerable<DiskSource> Sources(XElement disk) =>
        DiskSource.Chain(disk).Concat(disk.Element("mirror") is { } mirror ? DiskSource.Chain(mirror) : []);
}
