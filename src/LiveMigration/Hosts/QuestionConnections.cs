using System.Collections.Concurrent;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Tracing;

namespace LiveMigration.Hosts;

/// <summary>
/// The connections to a host that carry questions, one at a time each: where a call meets another one under way on its connection, the
/// client of libvirt 9.0 can write to a stack that is gone (CVE-2024-4418), or send the second call late. The first is the control
/// connection; more are opened when questions have to wait, and stay.
/// </summary>
internal sealed class QuestionConnections(LibvirtHost host) : IDisposable
{
    /// <summary>What one client may ask a daemon at once (<c>max_client_requests</c>); its workers have migrations to run as well.</summary>
    internal const int AtOnce = 5;

    /// <summary>So long a question waits for the end of another before a connection is opened for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentStack<Connection> _idle = new();
    private readonly SemaphoreSlim _free = new(0);
    private int _places = AtOnce;
    private int _returned;
    private volatile bool _disposed;

    /// <summary>Takes up the control connection.</summary>
    internal void Add(Connection control)
    {
        Interlocked.Decrement(ref _places);
        Return(control);
    }

    /// <summary>Waits for a connection on which nobody asks.</summary>
    /// <param name="limit">How long to wait while no question at all comes to its end.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">None became free, or the control connection was lost and cannot be restored.</exception>
    internal async Task<Connection> RentAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var mayOpen = true;
        while (true)
        {
            await host.ControlAsync(cancellationToken).ConfigureAwait(false);
            var before = Volatile.Read(ref _returned);
            if (await _free.WaitAsync(mayOpen ? Patience : limit, cancellationToken).ConfigureAwait(false))
            {
                if (Take() is { } idle)
                    return idle;
            }
            else if (mayOpen)
            {
                if (await TryOpenAsync(cancellationToken).ConfigureAwait(false) is { } opened)
                    return opened;
                mayOpen = false;
            }
            else if (before == Volatile.Read(ref _returned))
            {
                throw host.NotAnswering(limit);
            }
        }
    }

    /// <summary>Gives a connection back: its call has ended, however it did.</summary>
    internal void Return(Connection connection)
    {
        _idle.Push(connection);
        Interlocked.Increment(ref _returned);
        _free.Release();
        if (_disposed)
            Clear();
    }

    public void Dispose()
    {
        _disposed = true;
        Clear();
    }

    /// <summary>Null when the one that was free is lost; it leaves its place.</summary>
    private Connection? Take()
    {
        if (!_idle.TryPop(out var connection) || !connection.Lost.IsCompleted)
            return connection;
        Leave(connection);
        return null;
    }

    /// <summary>Null when all places are taken, or the host lets nobody in any more: those who wait share what there is.</summary>
    private async Task<Connection?> TryOpenAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _places) >= 0)
        {
            try
            {
                var start = Tracer.Now;
                var opened = await host.OpenAsync(events: null, cancellationToken).ConfigureAwait(false);
                Tracer.Say($"Opened one more connection to {host.Name}, because requests had to wait ({Tracer.Since(start)}).");
                return opened;
            }
            catch (LiveMigrationException)
            {
                // If the host is gone, the connections that there are end, and those who wait are told so.
            }
            catch
            {
                Interlocked.Increment(ref _places);
                throw;
            }
        }

        Interlocked.Increment(ref _places);
        return null;
    }

    private void Leave(Connection connection)
    {
        Interlocked.Increment(ref _places);
        connection.Dispose();
    }

    private void Clear()
    {
        while (_idle.TryPop(out var connection))
            Leave(connection);
    }
}
