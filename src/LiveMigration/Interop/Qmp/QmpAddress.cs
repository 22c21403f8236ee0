using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LiveMigration.Interop.Qmp;

/// <summary>Where a monitor listens, in QEMU's own words.</summary>
public static class QmpAddress
{
    /// <summary>
    /// Reads what was given to QEMU's <c>-qmp</c>: <c>unix:PATH</c>, <c>tcp:ADDRESS:PORT</c>, either with QEMU's options
    /// behind it (<c>,server=on,wait=off</c>), or the path alone.
    /// </summary>
    /// <param name="text">For example <c>unix:/run/vm1.qmp,server=on,wait=off</c> or <c>tcp:[::1]:4444</c>.</param>
    /// <exception cref="FormatException">It is no such address.</exception>
    public static EndPoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var address = text.Split(',')[0].Trim();
        if (address.StartsWith("unix:", StringComparison.Ordinal))
            return Unix(address["unix:".Length..], text);
        if (address.StartsWith("tcp:", StringComparison.Ordinal) && TryTcp(address["tcp:".Length..], out var endPoint))
            return endPoint;
        return Path.IsPathRooted(address) ? Unix(address, text) : throw Wrong(text);
    }

    internal static string Describe(EndPoint endPoint) => endPoint switch
    {
        UnixDomainSocketEndPoint => $"unix:{endPoint}",
        DnsEndPoint named => $"tcp:{named.Host}:{named.Port}",
        _ => $"tcp:{endPoint}",
    };

    private static UnixDomainSocketEndPoint Unix(string path, string text)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"'{text}' is not a valid socket path: {exception.Message}", exception);
        }
    }

    private static bool TryTcp(string address, [NotNullWhen(true)] out EndPoint? endPoint)
    {
        endPoint = null;
        var colon = address.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        var host = address[..colon].Trim('[', ']');
        endPoint = IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(host, port);
        return port > 0;
    }

    private static FormatException Wrong(string text) =>
        new($"'{text}' is not a monitor address. Write it as unix:PATH or tcp:ADDRESS:PORT.");
}
