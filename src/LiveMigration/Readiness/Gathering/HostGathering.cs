using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Readiness.Gathering;

/// <summary>host → what it says. All questions at once, each with its own patience; none changes anything.</summary>
internal static class HostGathering
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(300);

    internal static async Task<HostSnapshot> GatherAsync(LibvirtHost host, bool blockersOnly, CancellationToken cancellationToken)
    {
        var info = Question.TryAsync(() => host.GetInfoAsync(cancellationToken));
        var capabilities = host.AskAsync(connection => XElement.Parse(connection.GetCapabilities()), cancellationToken);
        var keepAlive = host.AskIfAsync(!blockersOnly, connection => connection.HasKeepAlive, cancellationToken);
        var memory = host.AskAsync(MemoryAvailable.Read, cancellationToken);
        var domains = Question.TryAsync(() => host.GetDomainsAsync(cancellationToken: cancellationToken));
        var networks = host.AskAsync<IReadOnlyList<NetworkState>>(HostNetworks.Networks, cancellationToken);
        var pools = host.AskAsync(Pools, cancellationToken);
        var interfaces = host.AskAsync<IReadOnlyList<string>>(HostNetworks.Interfaces, cancellationToken);
        var links = host.AskIfAsync(!blockersOnly, HostLink.Read, cancellationToken);
        var filters = host.AskAsync<IReadOnlyList<string>>(HostNetworks.Filters, cancellationToken);
        var secrets = host.AskAsync<IReadOnlyList<SecretName>>(HostSecrets.Read, cancellationToken);
        var busy = Question.TryAsync(() => BusyAsync(host, blockersOnly, cancellationToken));
        var looking = Question.TryAsync(() => HostLook.AtAsync(host, blockersOnly, cancellationToken));
        var available = await memory.ConfigureAwait(false);
        var look = await looking.ConfigureAwait(false);
        return new HostSnapshot
        {
            Host = host,
            Info = await info.ConfigureAwait(false),
            Capabilities = await capabilities.ConfigureAwait(false),
            KeepAlive = await keepAlive.ConfigureAwait(false),
            MemoryAvailable = available is { IsHad: true, Value: null }
                ? Fact<long>.Untold($"{host.Name} does not report its memory.")
                : available.IsHad ? Fact<long>.Had(available.Value!.Value) : Fact<long>.Failed(available.Reason!),
            Domains = await domains.ConfigureAwait(false),
            Networks = OrNone(await networks.ConfigureAwait(false)),
            Pools = OrNone(await pools.ConfigureAwait(false)),
            Interfaces = await interfaces.ConfigureAwait(false),
            Links = await links.ConfigureAwait(false),
            Filters = OrNone(await filters.ConfigureAwait(false)),
            Secrets = OrNone(await secrets.ConfigureAwait(false)),
            MissingDrivers = [.. new[]
            {
                (await networks.ConfigureAwait(false)).Reason, (await pools.ConfigureAwait(false)).Reason, (await interfaces.ConfigureAwait(false)).Reason,
                (await links.ConfigureAwait(false)).Reason, (await filters.ConfigureAwait(false)).Reason, (await secrets.ConfigureAwait(false)).Reason,
            }.Select(MissingDriver.In).OfType<string>().Distinct()],
            CpuBusy = await busy.ConfigureAwait(false),
            QemuConfiguration = look.Map(one => one.ConfigurationOf(host.Name)),
            CertificateFiles = look.Map(one => one.FilesOf(host.Name)),
            Clock = look.Map(one => one.Clock),
            Machine = look.Map(one => one.Machine),
        };
    }

    /// <summary>A daemon that does not run has nothing of its kind, and QEMU's has nothing from it either.</summary>
    private static Fact<IReadOnlyList<T>> OrNone<T>(Fact<IReadOnlyList<T>> fact) => MissingDriver.In(fact.Reason) is null ? fact : Fact<IReadOnlyList<T>>.Had([]);

    /// <summary>Looked at twice: libvirt tells how long the CPUs have worked since the host was started.</summary>
    private static async Task<double> BusyAsync(LibvirtHost host, bool blockersOnly, CancellationToken cancellationToken)
    {
        var before = await host.AskIfAsync(!blockersOnly, CpuTimes.Read, cancellationToken).ConfigureAwait(false);
        _ = before.Value;
        await Task.Delay(BetweenLooks, cancellationToken).ConfigureAwait(false);
        return (await host.AskAsync(CpuTimes.Read, cancellationToken).ConfigureAwait(false)).Value.BusySince(before.Value)
            ?? throw new MissingFactException($"{host.Name} does not report its CPU load.", untold: true);
    }

    private static IReadOnlyList<HostPool> Pools(Connection connection) =>
        [.. HostPools.Read(connection).Select(pool => new HostPool(StoragePool.Parse(pool.Xml), pool.Active, pool.Autostart))];
}
