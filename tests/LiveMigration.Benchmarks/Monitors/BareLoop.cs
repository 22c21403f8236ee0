using System.Net.Sockets;

namespace LiveMigration.Benchmarks.Monitors;

/// <summary>
/// What nobody can be quicker than: the same bytes, written to the socket and waited for, with nothing read in them but the
/// ends of lines. One thread, no allocation.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[64 << 10];

    internal BareLoop(UnixDomainSocketEndPoint endPoint)
    {
        _socket.Connect(endPoint);
        Await(1);
        Run("{\"execute\":\"qmp_capabilities\"}\n"u8, 1, 1);
    }

    /// <param name="command">A command as a line.</param>
    /// <param name="count">How often.</param>
    /// <param name="atOnce">How many of them are under way together.</param>
    internal void Run(ReadOnlySpan<byte> command, int count, int atOnce)
    {
        for (var done = 0; done < count; done += atOnce)
        {
            for (var sent = 0; sent < atOnce; sent++)
                _socket.Send(command);
            Await(atOnce);
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Await(int lines)
    {
        while (lines > 0)
            lines -= _buffer.AsSpan(0, _socket.Receive(_buffer)).Count((byte)'\n');
    }
}
