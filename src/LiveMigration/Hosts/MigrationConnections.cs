using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Hosts;

/// <summary>
/// The connections to a host that carry blocking migrations. A daemon stops reading a connection with five calls under way,
/// and has twenty workers in all: so at most four migrations share a connection, and twelve run in one daemon.
/// </summary>
internal sealed class MigrationConnections(LibvirtHost host) : IDisposable
{
    internal const int PerConnection = 4;
    internal const int PerDaemon = 12;

    private readonly object _gate = new();
    private readonly SemaphoreSlim _places = new(PerDaemon, PerDaemon);
    private readonly List<Shared> _open = [];

    /// <summary>Waits for a place and gives a connection that has room for one more migration.</summary>
    internal async Task<Lease> RentAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            lock (_gate)
            {
                if (_open.Find(shared => shared.Users < PerConnection && shared.Connection.IsAlive) is { } found)
                    return Enter(found);
            }

            var connection = await host.OpenAsync(withEvents: false, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                var shared = new Shared(connection);
                _open.Add(shared);
                return Enter(shared);
            }
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var shared in _open)
                shared.Connection.Dispose();
            _open.Clear();
        }
    }

    private Lease Enter(Shared shared)
    {
        shared.Users++;
        return new Lease(this, shared);
    }

    private void Leave(Shared shared)
    {
        lock (_gate)
        {
            if (--shared.Users == 0)
            {
                _open.Remove(shared);
                shared.Connection.Dispose();
            }
        }

        _places.Release();
    }

    internal sealed class Shared(Connection connection)
    {
        internal Connection Connection => connection;

        internal int Users { get; set; }
    }

    /// <summary>One migration's place on a connection.</summary>
    internal sealed class Lease(MigrationConnections owner, Shared shared) : IDisposable
    {
        private int _left;

        internal Connection Connection => shared.Connection;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                owner.Leave(shared);
        }
    }
}
