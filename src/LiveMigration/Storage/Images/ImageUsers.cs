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
            connection => new ImageUsers(info.Uuid, except, [.. domains.Where(domain => domain.Uuid != except).SelectMany(domain => Uses(connection, domain))]),
            cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<(string Path, string Name)> Uses(Connection connection, LibvirtDomain domain)
    {
        // A domain that arrives must not be asked for its definition: it answers after the migration.
        if (domain.Migrating)
            return domain.Disks.Where(disk => disk.Source is not null).Select(disk => (disk.Source!, domain.Name));
        try
        {
            using var native = connection.LookupByUuid(domain.Uuid);
            var disks = XElement.Parse(native.GetXml(XmlView.Live)).Elements("devices").Elements("disk");
            return [.. disks.Descendants("source").Select(source => ((string?)source.Attribute("file") ?? (string?)source.Attribute("dev"), domain.Name))
                .Where(use => use.Item1 is not null).Select(use => (use.Item1!, use.Name))];
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain)
        {
            return [];
        }
    }
}
