using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Interop.Qmp;

/// <summary>
/// QMP through libvirt, which holds the only monitor of its domains' QEMUs. libvirt has negotiated already, counts the
/// commands itself, and takes none out of band. Taints the domain: see <see cref="QemuMonitor"/>.
/// </summary>
internal sealed class PassThroughTransport : IQmpTransport, IDisposable
{
    /// <summary>libvirt's client bears one call at a time on a connection; QEMU answers in turn anyway.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Channel<ReadOnlyMemory<byte>> _received = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private readonly Connection _connection;
    private readonly QemuMonitor _monitor;
    private readonly IDisposable _listening;

    private PassThroughTransport(Connection connection, Guid domain, string name)
    {
        Peer = name;
        _connection = connection;
        var lifecycle = Channel.CreateUnbounded<DomainEvent>();
        _listening = connection.Events.Listen(lifecycle.Writer);
        _monitor = QemuMonitor.Open(connection, domain, Hear);
        if (!_monitor.IsRunning())
        {
            throw new LiveMigrationException(
                Faults.DomainNotRunning, $"{name}: the domain is not running, so there is no QEMU to connect to.", connection.Host);
        }

        _ = WatchAsync(lifecycle.Reader, domain);
    }

    public string Peer { get; }

    public bool IsNegotiated => true;

    /// <summary>Opens a domain's monitor. Blocks.</summary>
    /// <param name="connection">A connection with events, for this alone: it is closed at the end.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="name">Its name for messages.</param>
    internal static PassThroughTransport Open(Connection connection, Guid domain, string name)
    {
        try
        {
            return new PassThroughTransport(connection, domain, name);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // libvirt's call cannot be called back: it keeps its turn until it returns, even when nobody waits any more.
            _received.Writer.TryWrite(await Task.Run(() => Execute(message), CancellationToken.None).ConfigureAwait(false));
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken) =>
        await _received.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && _received.Reader.TryRead(out var message)
            ? message
            : default;

    public void Dispose()
    {
        _received.Writer.TryComplete();
        _listening.Dispose();
        _monitor.Dispose();
        _connection.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes the id off the command, as libvirt has its own, and puts it on the answer.</summary>
    private ReadOnlyMemory<byte> Execute(ReadOnlyMemory<byte> message)
    {
        using var command = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = QmpWriter.MaxDepth });
        var id = command.RootElement.GetProperty("id").GetInt64();
        var answer = _monitor.Execute(Encoding.UTF8.GetString(QmpWriter.Line(writer => WithoutId(command, writer)).Span));
        using var reply = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = QmpWriter.MaxDepth });
        return QmpWriter.Line(writer =>
        {
            WithoutId(reply, writer);
            writer.WriteNumber("id", id);
        });
    }

    private static void WithoutId(JsonDocument message, Utf8JsonWriter writer)
    {
        foreach (var property in message.RootElement.EnumerateObject().Where(property => !property.NameEquals("id")))
            property.WriteTo(writer);
    }

    private void Hear(QemuEvent happened) => _received.Writer.TryWrite(QmpWriter.Line(writer =>
    {
        writer.WriteString("event", happened.Name);
        if (happened.Details is not null)
        {
            writer.WritePropertyName("data");
            writer.WriteRawValue(happened.Details, skipInputValidation: true);
        }

        writer.WriteStartObject("timestamp");
        writer.WriteNumber("seconds", happened.Seconds);
        writer.WriteNumber("microseconds", happened.Microseconds);
        writer.WriteEndObject();
    }));

    /// <summary>A domain that stops, also because it has moved away, has no monitor any more; nor has a lost connection.</summary>
    private async Task WatchAsync(ChannelReader<DomainEvent> lifecycle, Guid domain)
    {
        var stopped = WaitForStopAsync(lifecycle, domain);
        if (await Task.WhenAny(stopped, _connection.Lost).ConfigureAwait(false) == stopped)
            Lose("the domain has stopped");
        else
            Lose("libvirt's daemon is gone");
    }

    private static async Task WaitForStopAsync(ChannelReader<DomainEvent> lifecycle, Guid domain)
    {
        await foreach (var happened in lifecycle.ReadAllAsync().ConfigureAwait(false))
        {
            if (happened is LifecycleEvent { Change: LifecycleChange.Stopped or LifecycleChange.Crashed } && happened.Uuid == domain)
                return;
        }
    }

    private void Lose(string why) => _received.Writer.TryComplete(new IOException(why));
}
