using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Domains;

/// <summary>Turns the bulk answers of a host into domains: as many calls for a thousand as for one.</summary>
internal static class DomainReader
{
    private const DomainStatistics Wanted =
        DomainStatistics.State | DomainStatistics.Balloon | DomainStatistics.Vcpu | DomainStatistics.Block;

    /// <summary>What a driver's bulk answer leaves out is not "none": this very list is looked for.</summary>
#pragma warning disable CA1825 // Array.Empty is everybody's; this one is told apart from it.
    internal static readonly ItemList<DiskSummary> Unreported = ItemList<DiskSummary>.Of(new DiskSummary[0]);
#pragma warning restore CA1825

    internal static (List<LibvirtDomain> Domains, IReadOnlyList<StoragePool> Pools) Read(LibvirtHost host, Connection connection, DomainQuery query, IReadOnlyList<StoragePool>? known)
    {
        var persistent = DomainListing.Uuids(connection, DomainFilter.Persistent);
        var autostart = DomainListing.Uuids(connection, DomainFilter.Autostart);
        var pools = known ?? StoragePool.Read(connection);
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
        return ([.. domains.OfType<LibvirtDomain>()], pools);
    }

    private static IReadOnlyList<DiskSummary> Disks(TypedParameterReader statistics, IReadOnlyList<StoragePool> pools)
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
}
