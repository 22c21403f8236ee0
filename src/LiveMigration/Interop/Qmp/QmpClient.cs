using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using LiveMigration.Errors;
using LiveMigration.Tracing;

namespace LiveMigration.Interop.Qmp;

/// <summary>
/// A client for QEMU's own protocol (QMP). Any number of commands may be in progress, from any thread; each gets its own
/// answer. When the connection breaks, all of them fail.
/// </summary>
public sealed class QmpClient : IAsyncDisposable
{
    /// <summary>
    /// QEMU queues eight commands (<c>QMP_REQ_QUEUE_LEN_MAX</c>) and then stops reading, so that a command out of band would
    /// wait behind them. There is always room for it when no more than seven others are under way; QEMU does one at a time
    /// anyway.
    /// </summary>
    private const int InBand = 7;

    private readonly IQmpTransport _transport;
    private readonly QmpProtocol _protocol;
    private readonly QmpOptions _options;
    private readonly SemaphoreSlim _inBand = new(InBand, InBand);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<QmpBreak?> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<QmpBreak> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<QmpEvents> _listeners = [];
    private Task _reading = Task.CompletedTask;

    private QmpClient(IQmpTransport transport, QmpOptions options)
    {
        _transport = transport;
        _options = options;
        _protocol = new QmpProtocol(transport.Peer, (int)options.MaxMessageSize.Bytes, transport.IsNegotiated);
    }

    /// <summary>The monitor's name for messages: its address, or its domain and host.</summary>
    public string Name => _transport.Peer;

    /// <summary>Whether commands can be sent.</summary>
    public bool IsConnected => _protocol.State is QmpState.Running;

    /// <summary>
    /// QEMU's version, from its greeting; null behind libvirt, which keeps the greeting: <see cref="QmpCommands.QueryVersionAsync"/>
    /// asks.
    /// </summary>
    public Version? QemuVersion => _protocol.Greeting?.Version?.Qemu?.Version;

    /// <summary>The process that listens at the other end; null where that is not known, or on another machine.</summary>
    internal Posix.LocalProcess? Listener => _transport.Listener;

    /// <summary>Whether QEMU takes commands out of band on this monitor.</summary>
    public bool SupportsOutOfBand => _protocol.IsOutOfBand;

    /// <summary>Connects to a monitor that QEMU offers on a UNIX or TCP socket.</summary>
    /// <param name="endPoint">Where it listens; <see cref="QmpAddress.Parse"/> reads it from QEMU's words.</param>
    /// <param name="options">How to connect.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">Nothing listens there, or not in QMP; or another client has it.</exception>
    public static async Task<QmpClient> ConnectAsync(
        EndPoint endPoint, QmpOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        options ??= QmpOptions.Default;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            var transport = await SocketTransport.ConnectAsync(endPoint, limit.Token).ConfigureAwait(false);
            return await StartAsync(transport, options, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var peer = QmpAddress.Describe(endPoint);
            throw new LiveMigrationException(
                Faults.MonitorSilent, $"{peer}: no greeting came within {new Units.Duration(options.ConnectTimeout)}.", peer);
        }
    }

    /// <summary>Executes a command and waits for its answer.</summary>
    /// <param name="command">The command's name, for example <c>query-status</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Stops waiting. QEMU executes the command anyway; its answer is discarded.</param>
    /// <returns>What QEMU returned: <c>{}</c> for commands that return nothing.</returns>
    /// <exception cref="QmpException">QEMU refused the command.</exception>
    /// <exception cref="LiveMigrationException">The connection broke, or was closed.</exception>
    public Task<JsonElement> ExecuteAsync(
        string command, JsonObject? arguments = null, CancellationToken cancellationToken = default) =>
        CallAsync(command, arguments, outOfBand: false, cancellationToken);

    /// <summary>Executes a command and reads its answer.</summary>
    /// <param name="command">The command's name.</param>
    /// <param name="result">How its answer is read.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Stops waiting. QEMU executes the command anyway; its answer is discarded.</param>
    /// <exception cref="QmpException">QEMU refused the command.</exception>
    /// <exception cref="LiveMigrationException">The connection broke or was closed; or the answer is of another type.</exception>
    public async Task<T> ExecuteAsync<T>(
        string command, JsonTypeInfo<T> result, JsonObject? arguments = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        var answer = await ExecuteAsync(command, arguments, cancellationToken).ConfigureAwait(false);
        try
        {
            return answer.Deserialize(result) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            var message = $"{Name}: {command}: the answer is not a {typeof(T).Name}: {exception.Message}.";
            throw new LiveMigrationException(Faults.MonitorProtocolBroken, message, Name, exception);
        }
    }

    /// <summary>Executes a command before all others that wait, even while QEMU is stuck in one. QEMU allows it for few: <c>migrate-pause</c>, ….</summary>
    /// <param name="command">The command's name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Stops waiting. QEMU executes the command anyway; its answer is discarded.</param>
    /// <exception cref="QmpException">QEMU refused the command; most are not allowed out of band.</exception>
    /// <exception cref="LiveMigrationException">This monitor takes none; or the connection broke, or was closed.</exception>
    public Task<JsonElement> ExecuteOutOfBandAsync(
        string command, JsonObject? arguments = null, CancellationToken cancellationToken = default) =>
        CallAsync(command, arguments, outOfBand: true, cancellationToken);

    /// <summary>Listens to QEMU's events from now on. Each stream gets all of them.</summary>
    public QmpEvents Listen()
    {
        var stream = new QmpEvents(
            _options.EventBuffer, stream => ImmutableInterlocked.Update(ref _listeners, static (all, left) => all.Remove(left), stream));
        ImmutableInterlocked.Update(ref _listeners, static (all, added) => all.Add(added), stream);
        if (_ended.Task.IsCompleted)
            End(stream, _ended.Task.Result);
        return stream;
    }

    /// <summary>Closes the connection; what is under way fails.</summary>
    public async ValueTask DisposeAsync()
    {
        End(new QmpBreak(Faults.MonitorClosed, "the connection was closed on this side"));
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
    }

    /// <summary>The monitor's name.</summary>
    public override string ToString() => Name;

    /// <summary>Begins to talk over a transport, which is the client's own from now on.</summary>
    internal static async Task<QmpClient> StartAsync(
        IQmpTransport transport, QmpOptions options, CancellationToken cancellationToken)
    {
        var client = new QmpClient(transport, options);
        if (transport.IsNegotiated)
            client._started.SetResult(null);
        client._reading = client.ReadAsync();
        QmpBreak? failure;
        try
        {
            failure = await client._started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return failure is null ? client : throw failure.ToException(transport.Peer);
    }

    private async Task<JsonElement> CallAsync(
        string command, JsonObject? arguments, bool outOfBand, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        if (outOfBand && !SupportsOutOfBand)
        {
            throw new LiveMigrationException(
                Faults.NotSupported, $"{Name}: {command}: this monitor does not accept out-of-band commands.", Name);
        }

        cancellationToken.ThrowIfCancellationRequested();
        // The command's name alone: what goes with it may be a password.
        using var span = Tracer.Call(command, "qmp", Name);
        var call = _protocol.Prepare(command, arguments, outOfBand);
        if (!outOfBand)
            await _inBand.WaitAsync(cancellationToken).ConfigureAwait(false);
        _ = RunAsync(call);
        var answer = await call.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (answer.Error is null)
            return answer.Value;
        span?.SetStatus(ActivityStatusCode.Error, answer.Error.Fault.Id);
        throw answer.Error;
    }

    /// <summary>Sees a command through, whether somebody still waits for it or not. Never fails.</summary>
    private async Task RunAsync(QmpCall call)
    {
        try
        {
            _protocol.Begin(call);
            await _transport.SendAsync(call.Message, _stopping.Token).ConfigureAwait(false);
        }
        catch (LiveMigrationException exception)
        {
            _protocol.Fail(call, exception);
        }
        catch (Exception exception)
        {
            _protocol.Fail(call, Lost(exception).ToException(Name, call.Command));
        }

        await call.Answer.ConfigureAwait(false);
        if (!call.IsOutOfBand)
            _inBand.Release();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (_protocol.State is not QmpState.Closed)
            {
                var bytes = await _transport.ReceiveAsync(_stopping.Token).ConfigureAwait(false);
                if (bytes.IsEmpty)
                    End(new QmpBreak(Faults.MonitorLost, "QEMU closed the connection"));
                _protocol.Receive(bytes.Span);
                while (_protocol.TryNext(out var happened))
                    await HandleAsync(happened).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            End(Lost(exception));
        }
        finally
        {
            await _transport.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask HandleAsync(QmpHappening happened)
    {
        switch (happened)
        {
            case QmpHappening.ToSend(var message):
                await _transport.SendAsync(message, _stopping.Token).ConfigureAwait(false);
                break;
            case QmpHappening.Ready:
                _started.TrySetResult(null);
                break;
            case QmpHappening.Told(var told):
                foreach (var stream in _listeners)
                    stream.Write(told);
                break;
            case QmpHappening.Broken(var why):
                Conclude(why);
                break;
        }
    }

    private void End(QmpBreak why)
    {
        if (_protocol.End(why) is not null)
            Conclude(why);
    }

    private void Conclude(QmpBreak why)
    {
        _started.TrySetResult(why);
        _ended.TrySetResult(why);
        foreach (var stream in _listeners)
            End(stream, why);
    }

    private void End(QmpEvents stream, QmpBreak why) =>
        stream.End(why.Fault == Faults.MonitorClosed ? null : why.ToException(Name));

    private static QmpBreak Lost(Exception exception) =>
        new(Faults.MonitorLost, $"the connection broke ({exception.Message})", exception);
}
