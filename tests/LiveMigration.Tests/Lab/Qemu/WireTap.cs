using System.Net;
using System.Net.Sockets;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>What goes over TCP from 127.0.0.1 to 127.0.0.2, and how each connection begins.</summary>
internal sealed class WireTap : IDisposable
{
    /// <summary>A stream of QEMU's, as it begins on its main connection.</summary>
    internal const uint Stream = 0x5145564d;

    /// <summary>A further connection of multifd.</summary>
    internal const uint Multifd = 0x11223344;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _ends = [];
    private readonly List<uint> _heads = [];

    internal WireTap()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    /// <summary>Where the source sends, and the destination listens at 127.0.0.2.</summary>
    internal int Port { get; }

    /// <summary>The first four bytes of each connection.</summary>
    internal IReadOnlyList<uint> Heads
    {
        get
        {
            lock (_ends)
                return [.. _heads];
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_ends)
            _ends.ForEach(end => end.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var here = await _listener.AcceptSocketAsync();
                var there = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                lock (_ends)
                    _ends.AddRange([here, there]);
                await there.ConnectAsync(IPAddress.Parse("127.0.0.2"), Port);
                _ = CopyAsync(here, there, head: true);
                _ = CopyAsync(there, here, head: false);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool head)
    {
        var bytes = new byte[1 << 16];
        try
        {
            while (await from.ReceiveAsync(bytes) is > 0 and var count)
            {
                if (head && count >= sizeof(uint))
                {
                    lock (_ends)
                        _heads.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes));
                }

                head = false;
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(bytes.AsMemory(sent, count - sent));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }
}
