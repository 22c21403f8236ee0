using System.Globalization;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Qemu;

/// <summary>Where a migration goes, in QEMU's words: <c>tcp:HOST:PORT</c>, <c>unix:PATH</c>, <c>rdma:HOST:PORT</c>, <c>exec:COMMAND</c>, <c>file:PATH</c>.</summary>
internal static class QemuUri
{
    private const string AnyPort = ":0";

    private const string Exec = "exec:";

    private const string File = "file:";

    /// <summary>libvirt's <c>tcp://HOST[:PORT]</c>, or <c>tcp:HOST[:PORT]</c>, as QEMU writes it: without a port, any; what is QEMU's already stays.</summary>
    internal static string Read(string text)
    {
        foreach (var scheme in new[] { "tcp", "rdma" })
        {
            if (!text.StartsWith($"{scheme}:", StringComparison.Ordinal))
                continue;
            var rest = text[(scheme.Length + 1)..].Trim('/');
            return PortOf(rest) is null ? $"{scheme}:{rest}{AnyPort}" : $"{scheme}:{rest}";
        }

        return text.StartsWith("unix://", StringComparison.Ordinal) ? $"unix:{text["unix://".Length..]}" : text;
    }

    /// <summary>The same with the port that the destination was given, where any would do.</summary>
    internal static string WithPort(string uri, QmpSocketAddress[]? listening) =>
        uri.EndsWith(AnyPort, StringComparison.Ordinal) && listening?.FirstOrDefault(address => address.Port is not null) is { Port: { } port } ? $"{uri[..^2]}:{port}" : uri;

    /// <summary>Whether it is a program of each side, or a file: no connection, so the source knows only that its bytes were taken.</summary>
    internal static bool IsOneWay(string? uri) => IsExec(uri) || IsFile(uri);

    /// <summary>Whether it is a program of each side.</summary>
    internal static bool IsExec(string? uri) => uri?.StartsWith(Exec, StringComparison.Ordinal) is true;

    /// <summary>Whether it is a file, which the destination reads when the source has written it.</summary>
    internal static bool IsFile(string? uri) => uri?.StartsWith(File, StringComparison.Ordinal) is true;

    /// <summary>The path of <c>file:PATH</c>.</summary>
    internal static string PathOf(string uri) => uri[File.Length..];

    /// <summary>What may be written down of it: a command may contain a password.</summary>
    internal static string? WithoutCommand(string? uri) => IsExec(uri) ? Exec : uri;

    /// <summary>The address at which the destination offers its disks: of a program or a file, which is no address, any.</summary>
    internal static string Bind(string? listen) => listen is null || IsOneWay(listen) ? "0.0.0.0" : listen;

    /// <summary>Where it listens, as the destination is told, for a URI that the source is told.</summary>
    internal static string Incoming(string uri, string? listen)
    {
        if (IsOneWay(uri) && IsOneWay(listen))
            return listen!;
        if (!uri.StartsWith("tcp:", StringComparison.Ordinal))
            return uri;
        var host = listen is null ? "0.0.0.0" : listen.Contains(':', StringComparison.Ordinal) && !listen.StartsWith('[') ? $"[{listen}]" : listen;
        return $"tcp:{(listen is null && uri.StartsWith("tcp:[", StringComparison.Ordinal) ? "[::]" : host)}:{PortOf(uri["tcp:".Length..]) ?? 0}";
    }

    /// <summary>Where a destination that listens already does, for the source.</summary>
    internal static string? Of(QmpSocketAddress[]? listening, string host) => listening?.FirstOrDefault() switch
    {
        { Type: "unix", Path: { Length: > 0 } path } => $"unix:{path}",
        { Type: "inet", Port: { } port, Host: var bound } => $"tcp:{Bracketed(bound is null or "" or "0.0.0.0" or "::" ? host : bound)}:{port}",
        _ => null,
    };

    internal static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host;

    private static ushort? PortOf(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon > address.LastIndexOf(']') && colon >= 0 && ushort.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
    }
}
