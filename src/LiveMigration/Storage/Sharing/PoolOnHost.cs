using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Storage.Sharing;

/// <summary>A pool on one host, and what was done to have it there.</summary>
internal sealed class PoolOnHost(SharedStorage storage, LibvirtHost host)
{
    /// <summary>A mount waits two minutes for a server that is silent.</summary>
    private static readonly TimeSpan MountPatience = TimeSpan.FromMinutes(4);

    private bool _defined;
    private bool _started;
    private long _available;

    /// <summary>A pool that is there already and is this one is used; another of that name is left alone.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken) =>
        _available = await host.CallAsync(Start, MountPatience, cancellationToken).ConfigureAwait(false);

    /// <summary>It starts with its host from now on.</summary>
    internal Task KeepAsync(CancellationToken cancellationToken) => host.CallAsync(
        connection =>
        {
            using var pool = NativePool.Lookup(connection, storage.Name);
            pool.SetAutostart(true);
        },
        cancellationToken);

    /// <summary>Stops and undefines what was started and defined here, and says what could not be.</summary>
    internal async Task<IReadOnlyList<string>> UndoAsync()
    {
        if (!_defined && !_started)
            return [];
        try
        {
            await host.CallAsync(Undo, CancellationToken.None).ConfigureAwait(false);
            return [];
        }
        catch (LiveMigrationException error)
        {
            return [$"{host.Name}: {error.Message}"];
        }
    }

    internal SharedPool Told(string evidence) => new()
    {
        HostName = host.Name,
        Name = storage.Name,
        Path = storage.Path,
        Origin = storage.Origin,
        Available = _available,
        IsNew = _defined,
        Evidence = evidence,
    };

    private long Start(Connection connection)
    {
        var there = new HostStorage(connection).Pools.FirstOrDefault(pool => pool.Name == storage.Name);
        if (there is not null && !storage.Is(there))
        {
            throw new LiveMigrationException(
                Faults.PoolDiffers, $"{host.Name} has a different pool '{storage.Name}': type {there.Pool.Type}, {(there.Origin is null ? "" : $"{there.Origin} at ")}{there.Pool.TargetPath}.", host.Name);
        }

        using var pool = there is null ? Define(connection) : NativePool.Lookup(connection, storage.Name);
        if (!pool.IsActive())
            Start(pool);
        return PoolFacts.Parse(pool.GetXml(), isActive: true).Available;
    }

    private NativePool Define(Connection connection)
    {
        var pool = NativePool.Define(connection, storage.Definition);
        _defined = true;
        pool.Build();
        return pool;
    }

    private void Start(NativePool pool)
    {
        try
        {
            pool.Start();
            _started = true;
        }
        catch (LibvirtException error)
        {
            throw new LiveMigrationException(
                Faults.ShareNotMounted, $"{host.Name} cannot start {storage}: {MountError.Explain(error.LibvirtMessage, host.Name, storage)}", host.Name, error);
        }
    }

    private void Undo(Connection connection)
    {
        using var pool = NativePool.Lookup(connection, storage.Name);
        if (_started && pool.IsActive())
            pool.Stop();
        if (_defined)
            pool.Undefine();
    }
}
