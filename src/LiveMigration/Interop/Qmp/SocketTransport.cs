using System.Net;
using System.Net.Sockets;
using LiveMigration.Errors;
using LiveMigration.Interop.Posix;

namespace LiveMigration.Interop.Qmp;

/// <summary>QMP over a UNIX or TCP socket, as <c>-qmp unix:…</c> and <c>-qmp tcp:…</c> offer it.</summary>
internal sealed class SocketTransport : IQmpTransport
{
    private readonly Socket _socket;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly byte[] _buffer = new byte[32 << 10];

    private SocketTransport(Socket socket, string peer)
    {
        _socket = socket;
        Peer = peer;
        Listener = LocalProcess.Behind(socket);
    }

    public string Peer { get; }

    public bool IsNegotiated => false;

    public LocalProcess? Listener { get; }

    internal static async Task<SocketTransport> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = endPoint switch
        {
            UnixDomainSocketEndPoint => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
            IPEndPoint => new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp),
            _ => new Socket(SocketType.Stream, ProtocolType.Tcp),
        };
        try
        {
            if (endPoint is not UnixDomainSocketEndPoint)
                Prepare(socket);
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new SocketTransport(socket, QmpAddress.Describe(endPoint));
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is SocketException refused)
                throw Unreachable(endPoint, refused);
            throw;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!message.IsEmpty)
                message = message[await _socket.SendAsync(message, cancellationToken).ConfigureAwait(false)..];
        }
        finally
        {
            _sending.Release();
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken) =>
        _buffer.AsMemory(0, await _socket.ReceiveAsync(_buffer, cancellationToken).ConfigureAwait(false));

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A host that dies says nothing: it is asked every 5 s, and given up after five questions, as libvirt does.</summary>
    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
    }

    private static LiveMigrationException Unreachable(EndPoint endPoint, SocketException exception)
    {
        var peer = QmpAddress.Describe(endPoint);
        return exception.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                Because(Faults.HostNotFound, "the host name cannot be resolved"),
            SocketError.AccessDenied => Because(Faults.MonitorAccessDenied, "permission denied"),
            SocketError.ConnectionRefused => Because(Faults.MonitorUnreachable, "nothing listens there"),
            _ when endPoint is UnixDomainSocketEndPoint && !File.Exists(endPoint.ToString()) =>
                Because(Faults.MonitorUnreachable, "the socket does not exist"),
            _ => Because(Faults.MonitorUnreachable, exception.Message),
        };

        LiveMigrationException Because(Fault fault, string why) => new(fault, $"{peer}: {why}.", peer, exception);
    }
}
