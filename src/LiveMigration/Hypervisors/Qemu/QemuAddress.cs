using System.Net;
using System.Net.Sockets;
using LiveMigration.Hosts;
using LiveMigration.Interop.Qmp;
using LiveMigration.Units;

namespace LiveMigration.Hypervisors.Qemu;

/// <summary>Where a QEMU's monitor is: <c>unix:PATH</c>, <c>tcp:ADDRESS:PORT</c>, or <c>ssh://[USER@]HOST[:PORT]/PATH</c>.</summary>
public sealed record QemuAddress
{
    private const string Ssh = "ssh://";

    private readonly EndPoint? _direct;
    private readonly HostUri? _host;

    private QemuAddress(string text, string hostName, EndPoint? direct, HostUri? host, string? path)
    {
        (Text, HostName, _direct, _host, Path, Whole) = (text, hostName, direct, host, path, text);
    }

    /// <summary>The address as it is shown.</summary>
    public string Text { get; }

    /// <summary>The host where QEMU is: its name or address as given, <c>localhost</c> for a socket of this machine.</summary>
    public string HostName { get; }

    /// <summary>Whether it is a socket of this machine.</summary>
    public bool IsLocal => _direct is UnixDomainSocketEndPoint;

    /// <summary>Whether it means something else on another machine: a socket of this machine, or a loopback address.</summary>
    internal bool IsOfThisMachine => IsLocal || (_host is null && (HostName is "localhost" || (System.Net.IPAddress.TryParse(HostName.Trim('[', ']'), out var ip) && System.Net.IPAddress.IsLoopback(ip))));

    /// <summary>The path of the monitor's UNIX socket, on QEMU's host; null for a TCP socket.</summary>
    internal string? Path { get; }

    /// <summary>The address with all that it takes to connect again: over ssh with the file of the key.</summary>
    internal string Whole { get; private init; }

    /// <summary>The host, as ssh reaches it; null for a monitor that is reached without.</summary>
    internal HostUri? Host => _host;

    /// <summary>A shell on QEMU's host, of the user who logs in, or our own here; null where the monitor is all that is reached.</summary>
    internal HostShell? Shell => _host is not null ? HostShell.AsUser(HostName, _host) : IsLocal ? HostShell.AsUser(HostName, HostUri.Parse("qemu:///system")) : null;

    /// <summary>Another socket of the same host, for an address over ssh.</summary>
    internal QemuAddress At(string path)
    {
        var text = $"{Text[..(Text.Length - Path!.Length)]}{path}";
        return new(text, HostName, null, _host, path) { Whole = text + Whole[Text.Length..] };
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text">
    /// What was given to QEMU's <c>-qmp</c>, its options behind it or not; a path alone; or <c>ssh://HOST/PATH</c> for a UNIX socket
    /// of another host, with <c>?keyfile=FILE</c> where a key is to be used.
    /// </param>
    /// <exception cref="FormatException">It is no such address.</exception>
    public static QemuAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.StartsWith(Ssh, StringComparison.OrdinalIgnoreCase))
            return OverSsh(trimmed);
        var direct = QmpAddress.Parse(trimmed);
        return direct switch
        {
            UnixDomainSocketEndPoint socket => new(QmpAddress.Describe(socket), "localhost", socket, null, socket.ToString()),
            DnsEndPoint named => new(QmpAddress.Describe(named), named.Host, named, null, null),
            IPEndPoint numbered => new(QmpAddress.Describe(numbered), $"{numbered.Address}", numbered, null, null),
            _ => new(QmpAddress.Describe(direct), "localhost", direct, null, null),
        };
    }

    /// <summary>The address.</summary>
    public override string ToString() => Text;

    /// <summary>Connects.</summary>
    internal async Task<(QmpClient Monitor, IAsyncDisposable? Way)> ConnectAsync(QmpOptions options, CancellationToken cancellationToken)
    {
        if (_direct is not null)
            return (await QmpClient.ConnectAsync(_direct, options, cancellationToken).ConfigureAwait(false), null);
        var tunnel = await SshTunnel.OpenAsync(Text, _host!, Path!, options.ConnectTimeout, cancellationToken).ConfigureAwait(false);
        try
        {
            return (await QmpClient.ConnectAsync(tunnel.Socket, options, cancellationToken).ConfigureAwait(false), tunnel);
        }
        catch (Errors.LiveMigrationException error)
        {
            // What ssh says of it may come a moment after the end of the connection.
            for (var looks = 0; tunnel.LastWords is null && looks < 10; looks++)
                await Task.Delay(100, CancellationToken.None).ConfigureAwait(false);
            var said = tunnel.LastWords ?? error.Message.Split(": ", 2)[^1];
            await tunnel.DisposeAsync().ConfigureAwait(false);
            throw new Errors.LiveMigrationException(error.Fault, $"{Text}: {said}", Text, error);
        }
        catch
        {
            await tunnel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static QemuAddress OverSsh(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.AbsolutePath.Length < 2 || uri.Fragment.Length > 0 || text.Contains('\n', StringComparison.Ordinal))
            throw new FormatException($"'{text}' is not a monitor address. Write it as ssh://[USER@]HOST[:PORT]/PATH.");
        var authority = text[Ssh.Length..].Split('/')[0];
        var path = Uri.UnescapeDataString(uri.AbsolutePath);
        return new(text.Split('?')[0], uri.Host.Trim('[', ']'), null, HostUri.Parse($"qemu+ssh://{authority}/system{uri.Query}"), path) { Whole = text };
    }
}
