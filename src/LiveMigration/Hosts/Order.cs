using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Hosts;

/// <summary>
/// A call that changes something. libvirt cannot be told to forget one: where it is given up, after its limit or by a user's Ctrl+C, and
/// happens all the same, it is undone by the thread that it happened on. Either way there is one answer, and the world agrees with it.
/// </summary>
internal sealed class Order<T>(LibvirtHost host, Func<Connection, T> order, Action<Connection, T> undo)
{
    private readonly object _gate = new();
    private bool _isGivenUp;
    private bool _isDone;
    private T _result = default!;

    internal async Task<T> GiveAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await host.CallAsync(Carry, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException)
        {
            lock (_gate)
            {
                _isGivenUp = !_isDone;
                if (_isGivenUp)
                    throw;
            }

            return _result; // It was done at the very moment.
        }
    }

    private T Carry(Connection connection)
    {
        var result = order(connection);
        lock (_gate)
        {
            (_result, _isDone) = (result, !_isGivenUp);
            if (_isDone)
                return result;
        }

        try
        {
            undo(connection, result);
            host.Notice($"{host.Name} executed a call after it had timed out; the change was undone.");
        }
        catch (LibvirtException error)
        {
            host.Notice($"{host.Name} executed a call after it had timed out, and the change could not be undone: {error.Message}");
        }

        return result;
    }
}
