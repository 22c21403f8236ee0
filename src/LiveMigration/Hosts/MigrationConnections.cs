using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Hosts;

/// <summary>
/// The connections to a host that carry blocking migrations, each its own: the client of libvirt 9.0 can lose the wake-up of a call
/// that begins while another one waits on the same connection, and sends it with the next keep-alive only. A daemon has twenty workers
/// in all: so twelve migrations run in one.
/// </summary>
internal sealed class MigrationConnections(LibvirtHost host) : IDisposable
{
    internal const int PerDaemon = 12;

    private readonly object _gate = new();
    private readonly SemaphoreSlim _places = new(PerDaemon, PerDaemon);
    private readonly List<Connection> _open = [];

    /// <summary>Waits for a place and opens a connection.</summary>
    internal async Task<Lease> RentAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var connection = await host.OpenAsync(events: null, cancellationToken).ConfigureAwait(false);
            lock (_gate)
                _open.Add(connection);
            return new Lease(this, connection);
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
            foreach (var connection in _open)
                connection.Dispose();
            _open.Clear();
        }
    }

    private void Leave(Connection connection)
    {
        lock (_gate)
        {
            _open.Remove(connection);
            connection.Dispose();
        }

        _places.Release();
    }

    /// <summary>One migration's connection.</summary>
    internal sealed class Lease(MigrationConnections owner, Connection connection) : IDisposable
    {
        private int _left;

        internal Connection Connection => connection;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                owner.Leave(connection);
        }
    }
}
