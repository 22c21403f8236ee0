using System.Collections.Concurrent;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Migration.Affinity;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Binding;

/// <summary>The hosts that this process is connected to, by name. All runspaces share them; they outlive the module's re-import.</summary>
internal static class HostSessions
{
    private static readonly ConcurrentDictionary<string, LibvirtHost> Hosts = new(StringComparer.OrdinalIgnoreCase);
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Gates = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them, by name.</summary>
    internal static IReadOnlyList<LibvirtHost> All => [.. Hosts.Values.OrderBy(host => host.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The one of that name.</summary>
    internal static LibvirtHost? Find(string name) => Hosts.GetValueOrDefault(name);

    /// <summary>The one with that URI.</summary>
    internal static LibvirtHost? Find(HostUri uri) => Hosts.Values.FirstOrDefault(host => host.Uri == uri);

    /// <summary>The connected host of that name, or a new connection.</summary>
    internal static async Task<LibvirtHost> GetOrConnectAsync(string name, HostUri uri, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(name, cancellationToken);
        return Find(name) is { } known && known.Uri == uri
            ? known
            : Keep(await OpenAsync(name, uri, HostOptions.Default, cancellationToken));
    }

    /// <summary>Connects under a name. A connection that stands and is the same is kept; another one of that name is replaced.</summary>
    internal static async Task<LibvirtHost> ConnectAsync(string name, HostUri uri, HostOptions options, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(name, cancellationToken);
        if (Find(name) is { IsConnected: true } known && known.IsLike(uri, options))
            return known;
        return Keep(await OpenAsync(name, uri, options, cancellationToken));
    }

    /// <summary>Forgets a host and closes its connections.</summary>
    internal static void Disconnect(LibvirtHost host)
    {
        Hosts.TryRemove(KeyValuePair.Create(host.Name, host));
        Retire(host);
    }

    /// <summary>The migrations that go over a host's connections.</summary>
    internal static IEnumerable<MigrationRun> Migrations(LibvirtHost host) =>
        MigrationRuns.Current.Where(run => run.Domain.Host == host || run.DestinationHost == host);

    /// <summary>Connects, and undoes what a migration left behind whose client died.</summary>
    private static async Task<LibvirtHost> OpenAsync(string name, HostUri uri, HostOptions options, CancellationToken cancellationToken)
    {
        var host = await LibvirtHost.ConnectAsync(name, uri, options, cancellationToken);
        await host.RecoverAffinityAsync(cancellationToken);
        return host;
    }

    private static LibvirtHost Keep(LibvirtHost host)
    {
        LibvirtHost? before = null;
        Hosts.AddOrUpdate(host.Name, host, (_, known) =>
        {
            before = known;
            return host;
        });
        if (before is not null)
            Retire(before);
        return host;
    }

    /// <summary>Closes the connections of a host once no migration needs them any more.</summary>
    private static void Retire(LibvirtHost host) =>
        _ = Task.WhenAll(Migrations(host).Select(run => run.Completion.AsTask())).ContinueWith(_ => host.Dispose(), TaskScheduler.Default);

    /// <summary>One connection attempt per name at a time, so that two cmdlets do not connect the same host twice.</summary>
    private static async Task<IDisposable> EnterAsync(string name, CancellationToken cancellationToken)
    {
        var gate = Gates.GetOrAdd(name, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate);
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
