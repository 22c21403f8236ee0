using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Domains;

/// <summary>Turns the bulk answers of a host into domains.</summary>
internal static class DomainReader
{
    private const DomainStatistics Wanted =
        DomainStatistics.State | DomainStatistics.Balloon | DomainStatistics.Vcpu | DomainStatistics.Block;

    /// <summary>What a driver's bulk answer leaves out is not "none": this very array is looked for.</summary>
#pragma warning disable CA1825 // Array.Empty is everybody's; this one is told apart from it.
    private static readonly DiskSummary[] Unreported = new DiskSummary[0];
#pragma warning restore CA1825

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
                VCpus = (int?)(statistics.Number("vcpu.current"u8) ?? statistics.Number("vcpu.maximum"u8)),
                Memory = statistics.Number("balloon.current"u8) * 1024,
                MaxMemory = statistics.Number("balloon.maximum"u8) * 1024,
                Persistent = persistent.Contains(uuid),
                Autostart = autostart.Contains(uuid),
                Migrating = status.IsPausedForMigration || status.IsPostCopy,
                Disks = Disks(statistics, pools),
            };
        });
        return [.. domains.OfType<LibvirtDomain>().Select(domain => WithDefinition(connection, WithJob(connection, WithInfo(connection, domain)), pools))];
    }

    private static DiskSummary[] Disks(TypedParameterReader statistics, IReadOnlyList<StoragePool> pools)
    {
        if (statistics.Number("block.count"u8) is not { } count)
            return Unreported;
        var disks = new DiskSummary[count];
        Span<byte> name = stackalloc byte[40];
        for (var index = 0; index < count; index++)
        {
            var source = statistics.Text(Field(name, index, "path"));
            var capacity = statistics.Number(Field(name, index, "capacity"));
            var (access, _) = DiskAccess.Of(source, pools);
            disks[index] = new DiskSummary(
                statistics.Text(Field(name, index, "name")) ?? "",
                source,
                capacity,
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
        if (domain.Disks != Unreported && !domain.Disks.Any(disk => disk.Source is null && (disk.Capacity is not null || !domain.Status.IsActive)))
            return domain;
        try
        {
            using var native = connection.LookupByUuid(domain.Uuid);
            var disks = DiskReader.ReadAll(domain, XElement.Parse(native.GetXml(XmlView.Live)), pools);
            if (domain.Disks == Unreported)
                return domain with { Disks = disks.Select(disk => new DiskSummary(disk.Target, disk.Source, disk.Capacity, disk.Access)).ToArray() };
            var access = disks.ToLookup(disk => disk.Target, disk => disk.Access);
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

    /// <summary>Drivers other than QEMU's leave memory and virtual CPUs out of their bulk answer; one more call asks for them.</summary>
    private static LibvirtDomain WithInfo(Connection connection, LibvirtDomain domain)
    {
        if (domain is { VCpus: not null, Memory: not null, MaxMemory: not null })
            return domain;
        try
        {
            using var native = connection.LookupByUuid(domain.Uuid);
            var info = native.GetInfo();
            return domain with
            {
                VCpus = domain.VCpus ?? info.VirtualCpus,
                Memory = domain.Memory ?? (long)info.Memory.Value * 1024,
                MaxMemory = domain.MaxMemory ?? (long)info.MaxMemory.Value * 1024,
            };
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported)
        {
            return domain; // It is gone, or nobody knows.
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
