using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hosts.Maintenance;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Readiness.Gathering;

/// <summary>host → what it says. All questions at once; none changes anything.</summary>
internal static class HostGathering
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(300);

    internal static async Task<HostSnapshot> GatherAsync(LibvirtHost host, Inventory inventory, HostNeeds needs, CancellationToken cancellationToken)
    {
        var facts = Asked(inventory.Facts);
        var maintenance = needs.Maintenance ? Asked(inventory.Maintenance) : Task.FromResult(Question.NotRequested<HostMaintenance?>());
        var keepAlive = host.AskIfAsync(needs.Everything, connection => connection.HasKeepAlive, cancellationToken);
        var memory = AskedIf(needs.Memory, inventory.Memory);
        var domains = Asked(inventory.Domains);
        var networks = AskedIf(needs.Networks, inventory.Networks);
        var pools = AskedIf(needs.Pools, inventory.Pools);
        var interfaces = AskedIf(needs.Interfaces, inventory.Interfaces);
        var links = host.AskIfAsync(needs.Everything, HostLink.Read, cancellationToken);
        var filters = AskedIf(needs.Filters, inventory.Filters);
        var secrets = AskedIf(needs.Secrets, inventory.Secrets);
        var busy = Question.TryAsync(() => BusyAsync(host, needs, cancellationToken));
        var looking = Question.TryAsync(() => HostLook.AtAsync(host, !needs.Everything, cancellationToken));
        var available = await memory.ConfigureAwait(false);
        var look = await looking.ConfigureAwait(false);
        return new HostSnapshot
        {
            Host = host,
            Info = (await facts.ConfigureAwait(false)).Map(known => known.Info),
            Maintenance = Told(await maintenance.ConfigureAwait(false)),
            Capabilities = (await facts.ConfigureAwait(false)).Map(known => known.Capabilities),
            KeepAlive = await keepAlive.ConfigureAwait(false),
            MemoryAvailable = available is { IsHad: true, Value: null }
                ? Fact<long>.Untold($"{host.Name} does not report its memory.")
                : available.IsHad ? Fact<long>.Had(available.Value!.Value) : Fact<long>.Failed(available.Reason!),
            Domains = await domains.ConfigureAwait(false),
            Networks = OrNone(await networks.ConfigureAwait(false)),
            Pools = OrNone((await pools.ConfigureAwait(false)).Map(Parsed)),
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

        Task<Fact<T>> Asked<T>(AskedOnce<T> question) => Question.TryAsync(() => question.OfAsync(host, cancellationToken));

        // A short answer has to come soon.
        Task<Fact<T>> AskedIf<T>(bool wanted, AskedOnce<T> question) =>
            wanted ? Question.TryAsync(() => host.WithinPatienceAsync(question.OfAsync(host, cancellationToken))) : Task.FromResult(Question.NotRequested<T>());
    }

    /// <summary>Where the daemon for secrets, in which a maintenance is kept, was never installed nobody can have begun one: it is said, and does not block.</summary>
    private static Fact<HostMaintenance?> Told(Fact<HostMaintenance?> fact) => MissingDriver.In(fact.Reason) is null ? fact : Fact<HostMaintenance?>.Untold(fact.Reason!);

    /// <summary>A daemon that does not run has nothing of its kind, and QEMU's has nothing from it either.</summary>
    private static Fact<IReadOnlyList<T>> OrNone<T>(Fact<IReadOnlyList<T>> fact) => MissingDriver.In(fact.Reason) is null ? fact : Fact<IReadOnlyList<T>>.Had([]);

    /// <summary>Looked at twice: libvirt tells how long the CPUs have worked since the host was started.</summary>
    private static async Task<double> BusyAsync(LibvirtHost host, HostNeeds needs, CancellationToken cancellationToken)
    {
        var before = await host.AskIfAsync(needs.Everything, CpuTimes.Read, cancellationToken).ConfigureAwait(false);
        _ = before.Value;
        await Task.Delay(BetweenLooks, cancellationToken).ConfigureAwait(false);
        return (await host.AskAsync(CpuTimes.Read, cancellationToken).ConfigureAwait(false)).Value.BusySince(before.Value)
            ?? throw new MissingFactException($"{host.Name} does not report its CPU load.", untold: true);
    }

    private static IReadOnlyList<HostPool> Parsed(IReadOnlyList<PoolState> pools) =>
        [.. pools.Select(pool => new HostPool(StoragePool.Parse(pool.Xml), pool.Active, pool.Autostart))];
}
