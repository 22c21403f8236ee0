using System.Collections.Concurrent;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Migration.Affinity;
using LiveMigration.PowerShell.Errors;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Binding;

/// <summary>
/// The hosts that this process is connected to, by name: one for each URI, whatever it was called before, or its VMs would be there twice.
/// All runspaces share them; they outlive the module's re-import.
/// </summary>
internal static class HostSessions
{
    private static readonly ConcurrentDictionary<string, LibvirtHost> Hosts = new(StringComparer.OrdinalIgnoreCase);
    private static readonly ConcurrentDictionary<HostUri, SemaphoreSlim> Gates = new();

    /// <summary>All of them, by name.</summary>
    internal static IReadOnlyList<LibvirtHost> All => [.. Hosts.Values.OrderBy(host => host.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The one of that name.</summary>
    internal static LibvirtHost? Find(string name) => Hosts.GetValueOrDefault(name);

    /// <summary>The one with that URI.</summary>
    internal static LibvirtHost? Find(HostUri uri) => Hosts.Values.FirstOrDefault(host => host.Uri == uri);

    /// <summary>The host with that URI under the name that it has, or a new connection.</summary>
    internal static async Task<LibvirtHost> GetOrConnectAsync(string name, HostUri uri, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(uri, cancellationToken);
        return Find(uri) ?? Keep(await OpenAsync(name, uri, HostOptions.Default, cancellationToken));
    }

    /// <summary>
    /// Connects. A host that is connected already keeps its connection where that stands and is the same, and gets the new name; another
    /// host of that name is replaced.
    /// </summary>
    /// <param name="name">What to call it; null keeps the name that it has.</param>
    /// <param name="otherwise">What to call it when it has none.</param>
    /// <param name="uri">Where it is.</param>
    /// <param name="options">How to connect; null keeps the connection that there is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<LibvirtHost> ConnectAsync(
        string? name, string otherwise, HostUri uri, HostOptions? options, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(uri, cancellationToken);
        if (Find(uri) is not { } known)
            return Keep(await OpenAsync(name ?? otherwise, uri, options ?? HostOptions.Default, cancellationToken));
        if (options is null || (known.IsConnected && known.IsLike(uri, options)))
            return name is null || name == known.Name ? known : Rename(known, name);
        var again = await OpenAsync(name ?? known.Name, uri, options, cancellationToken);
        if (!again.Name.Equals(known.Name, StringComparison.OrdinalIgnoreCase))
            Disconnect(known);
        return Keep(again);
    }

    /// <summary>What <see cref="ConnectAsync"/> would do with the same arguments, as the begin of a sentence; null when nothing would change.</summary>
    internal static string? Foresee(string? name, string otherwise, HostUri uri, HostOptions? options)
    {
        var known = Find(uri);
        var next = name ?? known?.Name ?? otherwise;
        var instead = Find(next) is { } other && other != known ? $", in place of the connection of that name to {other.Uri}" : "";
        if (known is null)
            return $"connect to {uri} as {next}{instead}";
        if (options is not null && !(known.IsConnected && known.IsLike(uri, options)))
            return $"connect to {uri} again as {next}{instead}";
        return next == known.Name ? null : $"rename the host {known.Name} to {next}{instead}";
    }

    /// <summary>Calls a host by another name: what was read from it before has the new name, too.</summary>
    /// <exception cref="LiveMigrationException">Migrations go over its connections, whose progress and journals have the name.</exception>
    internal static LibvirtHost Rename(LibvirtHost host, string name)
    {
        if (Migrations(host).Select(run => $"'{run.Name}'").ToArray() is { Length: > 0 } migrating)
            throw new LiveMigrationException(CmdletFaults.HostInUse, $"{host.Name} is not renamed to {name}: the migration of {string.Join(", ", migrating)} uses it.", host.Name);
        Hosts.TryRemove(KeyValuePair.Create(host.Name, host));
        host.Rename(name);
        return Keep(host);
    }

    /// <summary>Forgets a host and closes its connections.</summary>
    internal static void Disconnect(LibvirtHost host)
    {
        Hosts.TryRemove(KeyValuePair.Create(host.Name, host));
        Retire(host);
    }

    /// <summary>The migrations that go over a host's connections.</summary>
    internal static IEnumerable<MigrationRun> Migrations(LibvirtHost host) =>
        MigrationRuns.Current.Where(run => run.Domain?.Host == host || run.DestinationHost == host);

    /// <summary>Connects, and undoes what a migration left behind whose client died.</summary>
    private static async Task<LibvirtHost> OpenAsync(string name, HostUri uri, HostOptions options, CancellationToken cancellationToken)
    {
        var host = await LibvirtHost.ConnectAsync(name, uri, options with { State = UserState.Store }, cancellationToken);
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
        if (before is not null && before != host)
            Retire(before);
        return host;
    }

    /// <summary>Closes the connections of a host once no migration needs them any more.</summary>
    private static void Retire(LibvirtHost host) =>
        _ = Task.WhenAll(Migrations(host).Select(run => run.Completion.AsTask())).ContinueWith(_ => host.Dispose(), TaskScheduler.Default);

    /// <summary>One connection attempt per URI at a time, so that two cmdlets do not connect the same host twice.</summary>
    private static async Task<IDisposable> EnterAsync(HostUri uri, CancellationToken cancellationToken)
    {
        var gate = Gates.GetOrAdd(uri, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate);
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
