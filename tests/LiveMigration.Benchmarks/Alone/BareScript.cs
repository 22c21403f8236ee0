using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace LiveMigration.Benchmarks.Alone;

/// <summary>
/// What somebody writes in ten lines: migrate, ask until it is completed, end the source. The destination starts the guest by itself. Nothing
/// is checked, written down or put back.
/// </summary>
internal sealed class BareScript : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly StreamReader _lines;

    private BareScript(string monitor)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(monitor));
        _lines = new StreamReader(new NetworkStream(_socket), Encoding.UTF8);
        _lines.ReadLine();
        Run("""{"execute":"qmp_capabilities"}""");
    }

    internal static (BareScript Source, BareScript Destination) Connect(string source, string destination) => (new(source), new(destination));

    /// <param name="source">The QEMU that the guest leaves.</param>
    /// <param name="destination">The QEMU that it goes to.</param>
    /// <param name="uri">Where the memory goes.</param>
    /// <param name="bandwidth">The limit, in bytes per second.</param>
    /// <param name="interval">How long it sleeps between two questions.</param>
    internal static void Migrate(BareScript source, BareScript destination, string uri, long bandwidth, TimeSpan interval)
    {
        destination.Run($$"""{"execute":"migrate-incoming","arguments":{"uri":"{{uri}}"} }""");
        source.Run($$"""{"execute":"migrate-set-parameters","arguments":{"max-bandwidth":{{bandwidth}} } }""");
        source.Run($$"""{"execute":"migrate","arguments":{"uri":"{{uri}}"} }""");
        string? status;
        while ((status = source.Run("""{"execute":"query-migrate"}""").GetProperty("status").GetString()) is not "completed")
        {
            if (status is "failed" or "cancelled")
                throw new InvalidOperationException($"The bare migration {status}.");
            Thread.Sleep(interval);
        }

        while (!destination.Run("""{"execute":"query-status"}""").GetProperty("running").GetBoolean())
            Thread.Sleep(interval);
        source.Run("""{"execute":"quit"}""");
        try
        {
            while (source._lines.ReadLine() is not null)
            {
                // Its events, until it has ended.
            }
        }
        catch (IOException)
        {
            // It has.
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _socket.Dispose();
    }

    private JsonElement Run(string command)
    {
        _socket.Send(Encoding.UTF8.GetBytes(command + "\n"));
        while (true)
        {
            var answer = JsonDocument.Parse(_lines.ReadLine() ?? throw new InvalidOperationException("QEMU has ended.")).RootElement;
            if (answer.TryGetProperty("return", out var value))
                return value;
            if (answer.TryGetProperty("error", out var error))
                throw new InvalidOperationException($"{command}: {error}");
        }
    }
}
