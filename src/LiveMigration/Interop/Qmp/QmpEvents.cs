using System.Threading.Channels;

namespace LiveMigration.Interop.Qmp;

/// <summary>
/// The events since <see cref="QmpClient.Listen"/>. What is not read waits; when there is no room left the oldest make way,
/// and the next event that is read tells how many (<see cref="QmpEvent.LostBefore"/>). Ends when the client is disposed,
/// fails when the connection breaks.
/// </summary>
public sealed class QmpEvents : IAsyncEnumerable<QmpEvent>, IDisposable
{
    private readonly Channel<(long Number, QmpEvent Event)> _channel;
    private readonly Action<QmpEvents> _disposed;
    private long _written;
    private long _read;
    private long _lost;

    internal QmpEvents(int room, Action<QmpEvents> disposed)
    {
        _disposed = disposed;
        _channel = Channel.CreateBounded<(long, QmpEvent)>(
            new BoundedChannelOptions(room) { FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref _lost));
    }

    /// <summary>How many events were lost so far.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Reads the events; for one reader at a time.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerator<QmpEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var (number, happened) in _channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            var lost = number - _read - 1;
            _read = number;
            yield return lost == 0 ? happened : happened with { LostBefore = lost };
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        _disposed(this);
        End(null);
    }

    /// <summary>Only the client's reader calls this.</summary>
    internal void Write(QmpEvent happened) => _channel.Writer.TryWrite((++_written, happened));

    internal void End(Exception? failure) => _channel.Writer.TryComplete(failure);
}
