using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Storage.Images;

/// <summary>
/// Transient pools over folders of a host that none of its pools has: made for the moment in which they are needed, and stopped after it.
/// Who needs a folder while its pool is there shares it. A pool that a dead client left is stopped when the host is asked for one again.
/// </summary>
#pragma warning disable CA1001 // A semaphore without a wait handle has nothing to dispose of; it lives as long as its host.
internal sealed class FolderPools
#pragma warning restore CA1001
{
    /// <summary>The error of a folder that is not there.</summary>
    private const int NoSuchFile = 2; // ENOENT

    private static readonly ConditionalWeakTable<LibvirtHost, FolderPools> Known = [];

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, (PoolEntry? Ours, int Users)> _open = [];

    /// <summary>Opens pools over folders; one that cannot be opened is left out.</summary>
    /// <param name="host">The host.</param>
    /// <param name="folders">The folders, which no pool of the host has.</param>
    /// <param name="cancellationToken">Gives up before the next one.</param>
    internal static Task<FolderLease> OpenAsync(LibvirtHost host, IEnumerable<string> folders, CancellationToken cancellationToken) =>
        Known.GetOrCreateValue(host).OpenAsync(host, folders, mode: null, cancellationToken);

    /// <summary>Opens a pool over a folder, which is made where the host has none.</summary>
    /// <param name="host">The host.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="mode">The permissions of a new one, in octal digits.</param>
    /// <param name="cancellationToken">Gives up before it is made.</param>
    internal static Task<FolderLease> MakeAsync(LibvirtHost host, string folder, string mode, CancellationToken cancellationToken) =>
        Known.GetOrCreateValue(host).OpenAsync(host, [folder], mode, cancellationToken);

    /// <summary>Removes a folder; one that is not empty stays.</summary>
    internal static async Task RemoveFolderAsync(LibvirtHost host, string folder)
    {
        var end = folder.LastIndexOf('/');
        var (parent, name) = (folder[..Math.Max(end, 1)], folder[(end + 1)..]);
        var pool = await host.CallAsync(connection => new HostStorage(connection).PoolOf(folder), CancellationToken.None).ConfigureAwait(false);
        var lease = await OpenAsync(host, pool is null ? [parent] : [], CancellationToken.None).ConfigureAwait(false);
        await using var closing = lease.ConfigureAwait(false);
        if ((pool is { IsActive: true } ? pool.Name : lease.NameOf(parent)) is { } poolName)
            await host.CallAsync(connection => Remove(connection, poolName, name), CancellationToken.None).ConfigureAwait(false);
    }

    internal async Task CloseAsync(LibvirtHost host, string folder)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            var (ours, users) = _open[folder];
            if (users > 1)
            {
                _open[folder] = (ours, users - 1);
                return;
            }

            _open.Remove(folder);
            if (ours is not null)
                await TryStopAsync(host, ours).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<FolderLease> OpenAsync(LibvirtHost host, IEnumerable<string> folders, string? mode, CancellationToken cancellationToken)
    {
        var lease = new FolderLease(this, host);
        try
        {
            await OpenAllAsync(host, folders.Distinct(), mode, lease, cancellationToken).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task OpenAllAsync(LibvirtHost host, IEnumerable<string> folders, string? mode, FolderLease lease, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var folder in folders)
                await OpenAsync(host, folder, mode, lease, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task OpenAsync(LibvirtHost host, string folder, string? mode, FolderLease lease, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_open.TryGetValue(folder, out var open))
        {
            _open[folder] = (open.Ours, open.Users + 1);
            lease.Add(folder, NameFor(folder), []);
            return;
        }

        var uuid = (await host.GetUuidAsync(cancellationToken).ConfigureAwait(false)).GetValueOrDefault();
        foreach (var left in new PoolJournal(host.State).Left(uuid))
            await TryStopAsync(host, left).ConfigureAwait(false);
        if (TryBegin(host, uuid, folder) is not { } entry)
            return;
        // An order is not given up: what it made would stay.
        var made = await TryMakeAsync(build: false).ConfigureAwait(false);
        var isNew = made is NoSuchFile && mode is not null;
        // libvirt makes what is missing above it as well.
        IReadOnlyList<string> missing = isNew ? [folder, .. await MissingAboveAsync(host, uuid, folder).ConfigureAwait(false)] : [];
        if (isNew)
            made = await TryMakeAsync(build: true).ConfigureAwait(false);
        if (made is not 0)
        {
            new PoolJournal(host.State).End(entry);
            if (made is NoSuchFile)
                lease.AddAbsent(folder);
            else if (await IsThereAsync(host, folder, cancellationToken).ConfigureAwait(false))
                Take(null);
            return;
        }

        Take(entry);

        void Take(PoolEntry? ours)
        {
            _open[folder] = (ours, 1);
            lease.Add(folder, NameFor(folder), ours is null ? [] : missing);
        }

        async Task<int?> TryMakeAsync(bool build)
        {
            try
            {
                return await host.CallAsync(connection => Make(connection, entry.Name, folder, mode, build), CancellationToken.None).ConfigureAwait(false);
            }
            // Where no answer came, it may be made all the same, and stays in the journal.
            catch (LibvirtException error) when (error.Fault != Faults.ConnectionLost)
            {
                return error.SystemError is NoSuchFile ? NoSuchFile : null;
            }
        }
    }

    /// <summary>The folders above one that the host does not have either, the nearest first: a pool over one that it has can be made, and is stopped again.</summary>
    private static async Task<IReadOnlyList<string>> MissingAboveAsync(LibvirtHost host, Guid uuid, string folder)
    {
        var missing = new List<string>();
        for (var above = AboveOf(folder); above != "/" && TryBegin(host, uuid, above) is { } entry; above = AboveOf(above))
        {
            try
            {
                await host.CallAsync(connection => Make(connection, entry.Name, above, mode: null, build: false), CancellationToken.None).ConfigureAwait(false);
                await TryStopAsync(host, entry).ConfigureAwait(false);
                break;
            }
            catch (LibvirtException error) when (error.Fault != Faults.ConnectionLost)
            {
                new PoolJournal(host.State).End(entry);
                if (error.SystemError is not NoSuchFile)
                    break; // A pool of the host has it: it is there.
                missing.Add(above);
            }
        }

        return missing;
    }

    private static string AboveOf(string folder) => folder[..Math.Max(folder.LastIndexOf('/'), 1)];

    /// <summary>Whether another client has, or has left, a pool of that name over that folder: it is used, and not ours to stop.</summary>
    private static Task<bool> IsThereAsync(LibvirtHost host, string folder, CancellationToken cancellationToken) => host.CallAsync(
        connection => new HostStorage(connection).Pools.Any(pool => pool is { IsActive: true } && pool.Name == NameFor(folder) && pool.Pool.TargetPath == folder), cancellationToken);

    /// <summary>Null where it cannot be written down: then nothing is made, and the folder stays unknown.</summary>
    private static PoolEntry? TryBegin(LibvirtHost host, Guid uuid, string folder)
    {
        try
        {
            return new PoolJournal(host.State).Begin(uuid, NameFor(folder));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The same folder has the same name, so that two clients do not both have a pool over it.</summary>
    private static string NameFor(string folder) => PoolFacts.MomentaryPrefix + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16].ToLowerInvariant();

    private static int Make(Connection connection, string name, string folder, string? mode, bool build)
    {
        var target = new XElement("target", new XElement("path", folder), build && mode is not null ? new XElement("permissions", new XElement("mode", mode)) : null);
        using var pool = NativePool.CreateTransient(connection, new XElement("pool", new XAttribute("type", "dir"), new XElement("name", name), target).ToString(), build);
        return 0;
    }

    /// <summary>What cannot be stopped now stays in the journal, and is stopped when this host is asked for a pool again.</summary>
    private static async Task TryStopAsync(LibvirtHost host, PoolEntry entry)
    {
        try
        {
            await host.CallAsync(connection => Stop(connection, entry.Name), CancellationToken.None).ConfigureAwait(false);
            new PoolJournal(host.State).End(entry);
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoStoragePool)
        {
            new PoolJournal(host.State).End(entry);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException or IOException or UnauthorizedAccessException)
        {
            // What was to be done with the pool is done; this must not end that.
        }
    }

    private static void Stop(Connection connection, string name)
    {
        using var pool = NativePool.Lookup(connection, name);
        pool.Stop();
    }

    private static void Remove(Connection connection, string poolName, string name)
    {
        using var pool = NativePool.Lookup(connection, poolName);
        pool.Refresh();
        using var folder = pool.FindVolume(name);
        folder?.Delete();
    }
}
