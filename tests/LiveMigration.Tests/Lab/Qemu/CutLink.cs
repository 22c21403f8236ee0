using System.Net.Sockets;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>A UNIX socket that leads to another, until it is cut.</summary>
internal sealed class CutLink : IDisposable
{
    private readonly string _path;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Socket> _ends = [];

    internal CutLink(string path, string to)
    {
        _path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _ = AcceptAsync(new UnixDomainSocketEndPoint(to));
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
        lock (_ends)
            _ends.ForEach(end => end.Dispose());
    }

    private async Task AcceptAsync(UnixDomainSocketEndPoint to)
    {
        try
        {
            while (true)
            {
                var here = await _listener.AcceptAsync();
                var there = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                lock (_ends)
                    _ends.AddRange([here, there]);
                await there.ConnectAsync(to);
                _ = CopyAsync(here, there);
                _ = CopyAsync(there, here);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It was cut.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var bytes = new byte[1 << 16];
        try
        {
            while (await from.ReceiveAsync(bytes) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(bytes.AsMemory(sent, count - sent));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It was cut.
        }
    }
}
