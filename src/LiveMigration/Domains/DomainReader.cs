using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Domains;

/// <summary>Turns the bulk answers of a host into domains.</summary>
internal static class DomainReader
{
    private const DomainStatistics Wanted =
        DomainStatistics.State | DomainStatistics.Balloon | DomainStatistics.Vcpu | DomainStatistics.Block;

    internal static List<LibvirtDomain> Read(LibvirtHost host, Connection connection, DomainQuery query)
    {
        var persistent = DomainListing.Uuids(connection, DomainFilter.Persistent);
        var autostart = DomainListing.Uuids(connection, DomainFilter.Autostart);
        var pools = StoragePool.Read(connection);
        var domains = DomainListing.Statistics(connection, Wanted, query.Names.Count == 0 ? null : query.Wants, (uuid, name, statistics) =>
        {
            var status = new DomainStatus((DomainState)(statistics.Number("state.state"u8) ?? 0), (int)(statistics.Number("state.reason"u8) ?? 0));
            if (!query.Wants(status.State))
                return null;
            return new LibvirtDomain
            {
                Name = name,
                Uuid = uuid,
                Host = host,
                Status = status,
                VCpus = (int)(statistics.Number("vcpu.current"u8) ?? statistics.Number("vcpu.maximum"u8) ?? 0),
                Memory = KiB(statistics.Number("balloon.current"u8)),
                MaxMemory = KiB(statistics.Number("balloon.maximum"u8)),
                Persistent = persistent.Contains(uuid),
                Autostart = autostart.Contains(uuid),
                Migrating = status.IsPausedForMigration || status.IsPostCopy,
                Disks = Disks(statistics, pools),
            };
        });
        return [.. domains.OfType<LibvirtDomain>().Select(domain => WithDefinition(connection, WithJob(connection, domain), pools))];
    }

    private static ByteSize KiB(long? value) => new((value ?? 0) * 1024);

    private static DiskSummary[] Disks(TypedParameterReader statistics, IReadOnlyList<StoragePool> pools)
    {
        var count = statistics.Number("block.count"u8) ?? 0;
        var disks = new DiskSummary[count];
        Span<byte> name = stackalloc byte[40];
        for (var index = 0; index < count; index++)
        {
            var source = statistics.Text(Field(name, index, "path"));
            var capacity = statistics.Number(Field(name, index, "capacity"));
            var (access, _) = DiskAccess.Of(source, network: false, pools);
            disks[index] = new DiskSummary(
                statistics.Text(Field(name, index, "name")) ?? "",
                source,
                capacity is { } bytes ? new ByteSize(bytes) : null,
                access);
        }

        return disks;
    }

    private static ReadOnlySpan<byte> Field(Span<byte> buffer, int index, string field) =>
        System.Text.Unicode.Utf8.TryWrite(buffer, $"block.{index}.{field}", out var written) ? buffer[..written] : [];

    /// <summary>
    /// A disk without a path is on the network, a device of the host, or an empty drive. While it runs, an empty drive is known by
    /// having no size; else only the definition tells.
    /// </summary>
    private static LibvirtDomain WithDefinition(Connection connection, LibvirtDomain domain, IReadOnlyList<StoragePool> pools)
    {
        if (!domain.Disks.Any(disk => disk.Source is null && (disk.Capacity is not null || !domain.Status.IsActive)))
            return domain;
        try
        {
            using var native = connection.LookupByUuid(domain.Uuid);
            var access = DiskReader.ReadAll(domain, XElement.Parse(native.GetXml(XmlView.Live)), pools).ToLookup(disk => disk.Target, disk => disk.Access);
            return domain with
            {
                Disks = domain.Disks.Select(disk => disk.Source is null ? disk with { Access = access[disk.Target].FirstOrDefault(disk.Access) } : disk).ToArray(),
            };
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain)
        {
            return domain; // It is gone since it was listed.
        }
    }

    /// <summary>No bulk call tells of jobs. Asking costs no monitor command unless there is one.</summary>
    private static LibvirtDomain WithJob(Connection connection, LibvirtDomain domain)
    {
        if (domain.Migrating || !domain.Status.IsActive || domain.Host.Uri.IsInProcess)
            return domain;
        try
        {
            using var native = connection.LookupByUuid(domain.Uuid);
            var job = native.GetJobStatistics();
            return job is { IsMigration: true, IsActive: true } ? domain with { Migrating = true } : domain;
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.OperationInvalid
            or LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported)
        {
            return domain; // It ended since it was listed, or this driver knows no jobs.
        }
    }
}
