using System.Net;
using System.Net.Sockets;
using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.Readiness.Gathering;

/// <summary>How a host resolves a name: memory goes to what the destination calls itself, as the source understands it.</summary>
internal static class NameLook
{
    /// <summary>The addresses of a name, as a host sees it; none where it cannot resolve it.</summary>
    internal static async Task<IReadOnlyList<IPAddress>> AtAsync(LibvirtHost host, string name, bool blockersOnly, CancellationToken cancellationToken)
    {
        if (host.Uri is { IsLocal: true, IsInProcess: false })
            return await HereAsync(name, cancellationToken).ConfigureAwait(false);
        if (host.Uri.Transport is not "ssh" || blockersOnly)
            throw new MissingFactException($"How {host.Name} resolves a name can be asked only on {host.Name} itself, or over qemu+ssh.", untold: true);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Question.ShellPatience);
        try
        {
            var said = await HostShell.AsUser(host.Name, host.Uri).RunAsync(Script(name), patience.Token).ConfigureAwait(false);
            return Parse(said, host.Name);
        }
        catch (Exception error) when (error is LiveMigrationException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new MissingFactException($"{host.Name} could not be examined over ssh: {error.Message}", untold: true);
        }
    }

    /// <summary>As QEMU and libvirt ask: by the name service switch of the host.</summary>
    private static string Script(string name) => $"""
        command -v getent >/dev/null 2>&1 || exit 0
        echo asked
        getent ahosts '{name.Replace("'", "", StringComparison.Ordinal)}' | cut -d ' ' -f 1 | sort -u
        """;

    private static IPAddress[] Parse(string said, string host)
    {
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Contains("asked")
            ? [.. lines.Select(line => IPAddress.TryParse(line, out var address) ? address : null).OfType<IPAddress>()]
            : throw new MissingFactException($"{host} has no getent, which would resolve a name.", untold: true);
    }

    private static async Task<IReadOnlyList<IPAddress>> HereAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
