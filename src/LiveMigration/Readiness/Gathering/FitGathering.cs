using System.Net;
using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Security.Certificates;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Readiness.Gathering;

/// <summary>VM + destination → what the destination says of the VM.</summary>
internal static class FitGathering
{
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(1);

    internal static async Task<FitSnapshot> GatherAsync(
        HostSnapshot destination, DomainSnapshot domain, Fact<XElement> target, MigrationDemand demand, bool blockersOnly,
        Task<IReadOnlyList<DiskFacts>>? known, Task<Fact<IReadOnlyList<IPAddress>>> resolved, PoolLooks looks, Inventory inventory, CancellationToken cancellationToken)
    {
        var host = destination.Host;
        // The CPU is that of the QEMU which will run it.
        var machine = host.AskAsync(connection => Machine(connection, target.Value), cancellationToken);
        var cpu = Question.TryAsync(async () =>
        {
            var emulator = await machine.ConfigureAwait(false) is { IsHad: true, Value.Emulator: { } other } ? other : null;
            return (await host.AskAsync(connection => Cpu(connection, target.Value, emulator), cancellationToken).ConfigureAwait(false)).Value;
        });
        var pages = host.AskAsync<IReadOnlyDictionary<uint, ulong[]>>(connection => Pages(connection, target.Value, destination.Capabilities.Value), cancellationToken);
        var paths = host.AskAsync<IReadOnlyDictionary<string, bool>>(connection => Paths(connection, target.Value, destination.Pools.Value, looks), cancellationToken);
        var disks = Question.TryAsync(async () => demand.Offline || !domain.State.Value.Status.IsActive
            ? []
            : known is not null ? await known.ConfigureAwait(false)
            : await StorageFacts.ReadAsync(domain.State.Value, host, demand.Places, demand.Storage, cancellationToken, looks, inventory).ConfigureAwait(false));
        var files = Question.TryAsync(() => FileLook.AtAsync(
            host, [.. NamedPaths.Files(target.Value), .. NamedPaths.Folders(target.Value), .. NamedPaths.Media(target.Value)], blockersOnly, cancellationToken));
        var earlier = Question.TryAsync(() => EarlierAsync(destination, domain.State.Value.Uuid, cancellationToken));
        var states = Question.TryAsync(() => DeviceStates.ReadAsync(domain, destination.Host, target.Value, inventory, blockersOnly, cancellationToken));
        var daemon = Question.TryAsync(() => blockersOnly ? Left<TcpProbe>() : DaemonAsync(demand, cancellationToken));
        var ports = Question.TryAsync(() => blockersOnly ? Left<IReadOnlyList<TcpProbe>>() : PortsAsync(destination, demand, cancellationToken));
        var servers = Question.TryAsync(() => blockersOnly ? Left<IReadOnlyList<TcpProbe>>() : ServersAsync(target.Value, cancellationToken));
        var certificate = Question.TryAsync(() => blockersOnly ? Left<CertificateReport>() : CertificateAsync(destination, demand, cancellationToken));
        return new FitSnapshot
        {
            TargetXml = target,
            Machine = await machine.ConfigureAwait(false),
            CpuRefusal = await cpu.ConfigureAwait(false),
            HugePages = await pages.ConfigureAwait(false),
            Disks = await disks.ConfigureAwait(false),
            Paths = await paths.ConfigureAwait(false),
            Files = await files.ConfigureAwait(false),
            Earlier = await earlier.ConfigureAwait(false),
            States = await states.ConfigureAwait(false),
            NameAddresses = await resolved.ConfigureAwait(false),
            Daemon = await daemon.ConfigureAwait(false),
            MigrationPorts = await ports.ConfigureAwait(false),
            StorageServers = await servers.ConfigureAwait(false),
            Certificate = await certificate.ConfigureAwait(false),
        };
    }

    private static async Task<EarlierState?> EarlierAsync(HostSnapshot destination, Guid uuid, CancellationToken cancellationToken) =>
        destination.Domains.Value.All(known => known.Uuid != uuid) ? null : (await destination.Host.AskAsync(
            uuid, native => new EarlierState(native.HasManagedSave(), native.CountSnapshots(), native.GetCheckpoints()), cancellationToken).ConfigureAwait(false)).Value;

    private static Task<T> Left<T>() => throw new MissingFactException("This was not requested.", untold: true);

    private static MachineAnswer Machine(Connection connection, XElement xml)
    {
        var (answer, refusal, emulator) = HostFitness.OwnCapabilities(connection, MachineKind.Of(xml));
        return new MachineAnswer(answer is null ? null : XElement.Parse(answer), refusal, emulator);
    }

    /// <summary>Only a CPU that is named can be compared: one that follows the host is each host's own.</summary>
    private static string? Cpu(Connection connection, XElement xml, string? emulator) =>
        xml.Element("cpu") is { } cpu && (string?)cpu.Attribute("mode") is "custom"
            ? HostFitness.CompareCpu(connection, MachineKind.Of(xml) is var kind && emulator is null ? kind : kind with { Emulator = emulator }, cpu.ToString(SaveOptions.DisableFormatting))
            : null;

    private static Dictionary<uint, ulong[]> Pages(Connection connection, XElement xml, XElement capabilities)
    {
        var cells = Math.Max(1, capabilities.Descendants("cells").Elements("cell").Count());
        return xml.Elements("memoryBacking").Elements("hugepages").Elements("page")
            .Select(PageSize.Of).Distinct()
            .ToDictionary(size => size, size => HostFitness.FreePages(connection, size, cells));
    }

    private static Dictionary<string, bool> Paths(Connection connection, XElement xml, IReadOnlyList<HostPool> pools, PoolLooks looks)
    {
        var result = new Dictionary<string, bool>();
        foreach (var path in xml.Elements("devices").Elements("disk").SelectMany(DiskPath.Layers).Distinct())
        {
            if (pools.FirstOrDefault(pool => pool.Active && pool.Pool.Holds(path)) is { } pool)
                result[path] = IsThere(pool.Pool.Name, path);
        }

        return result;

        bool IsThere(string pool, string path)
        {
            var isFresh = looks.IsFresh(connection.Host, pool);
            if (HostPools.Holds(connection, path))
                return true;
            if (isFresh)
                return false;
            looks.Refresh(connection, pool);
            return HostPools.Holds(connection, path);
        }
    }

    private static async Task<TcpProbe> DaemonAsync(MigrationDemand demand, CancellationToken cancellationToken)
    {
        if (demand.PeerUri is not { } text)
            throw new MissingFactException("This client controls the migration: the source does not connect to the destination's daemon.", untold: true);
        var (host, port) = Endpoint.OfDaemon(HostUri.Parse(text));
        return await TcpProbe.TryAsync(host, port, ProbePatience, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<TcpProbe>> PortsAsync(
        HostSnapshot destination, MigrationDemand demand, CancellationToken cancellationToken)
    {
        var (host, ports) = Endpoint.OfStream(demand.MigrationUri, destination.Host.Uri, destination.Info.Value.MachineName);
        return await Task.WhenAll(ports.Select(port => TcpProbe.TryAsync(host, port, ProbePatience, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>Where the source's daemon, or this client, connects with TLS.</summary>
    private static Task<CertificateReport> CertificateAsync(HostSnapshot destination, MigrationDemand demand, CancellationToken cancellationToken)
    {
        var uri = demand is { Direct: false, PeerUri: { } peer } ? HostUri.Parse(peer) : destination.Host.Uri;
        if (uri.Transport is not "tls")
            throw new MissingFactException($"The connection to {destination.Name} does not use TLS.", untold: true);
        var (host, port) = Endpoint.OfDaemon(uri);
        return CertificateReview.ShakeHandsAsync(host, port: port, cancellationToken: cancellationToken);
    }

    private static async Task<IReadOnlyList<TcpProbe>> ServersAsync(XElement xml, CancellationToken cancellationToken) =>
        await Task.WhenAll(Endpoint.OfDisks(xml).Select(server =>
            TcpProbe.TryAsync(server.Host, server.Port, ProbePatience, cancellationToken))).ConfigureAwait(false);
}
