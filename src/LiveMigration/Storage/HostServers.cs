using System.Net;
using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.Storage;

/// <summary>Which addresses a host has itself, and what it understands by the names of servers: each host has its own <c>/etc/hosts</c> and its own bridges.</summary>
/// <param name="Own">Its own addresses; empty where it does not tell.</param>
/// <param name="Names">The addresses of each name that it can resolve.</param>
/// <param name="Unanswered">Names whose lookup took too long, or could not be made.</param>
internal sealed record HostServers(IReadOnlySet<IPAddress> Own, ILookup<string, IPAddress> Names, IReadOnlySet<string> Unanswered)
{
    /// <summary>A login that takes its time; the lookups end within seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks a host by the shell of the user who logs in; null where there is none, or it does not answer.</summary>
    /// <param name="host">The host.</param>
    /// <param name="names">Names of servers.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<HostServers?> AtAsync(LibvirtHost host, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        if (!DeviceLook.HasShell(host))
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return Parse(await HostShell.AsUser(host.Name, host.Uri).RunAsync(Script(names), patience.Token).ConfigureAwait(false));
        }
        catch (Exception error) when (error is LiveMigrationException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>The addresses of a name; null where the host gave no answer.</summary>
    internal IReadOnlyList<IPAddress>? Addresses(string name) =>
        Unanswered.Contains(name) ? null : [.. Names[name].Distinct().OrderBy(one => $"{one}", StringComparer.Ordinal)];

    /// <summary>
    /// As QEMU and libvirt ask: by the name service switch of the host, for all names at once. Definitions are written by others: a name that no server can have
    /// is not asked for, and none can be the line with which the names end.
    /// </summary>
    internal static string Script(IEnumerable<string> names) => $$"""
        ip -o addr show 2>/dev/null | sed -n 's/^[0-9]*: [^ ]* *inet6\{0,1\} \([0-9a-fA-F.:]*\).*/own \1/p'
        ask() {
            found=$(timeout 4 getent ahosts "$1" 2>/dev/null)
            case $? in
                0) printf '%s\n' "$found" | cut -d ' ' -f 1 | sort -u | while read -r address; do printf 'name %s %s\n' "$address" "$1"; done ;;
                2) ;;
                *) printf 'unanswered %s\n' "$1" ;;
            esac
        }
        {
            while IFS= read -r name; do
                ask "$name" &
            done
            wait
        } <<'end of names'
        {{string.Join('\n', names.Distinct().Where(IsName))}}
        end of names
        true
        """;

    private static bool IsName(string name) =>
        name.Length > 0 && !name.StartsWith('-') && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or ':' or '_' or '-' or '%');

    /// <summary>Reads what the script put out.</summary>
    internal static HostServers Parse(string said)
    {
        var lines = said.Split('\n').Select(line => line.Split(' ', 3)).Where(words => words.Length > 1).ToArray();
        return new HostServers(
            lines.Where(words => words[0] == "own").Select(words => Address(words[1])).OfType<IPAddress>().ToHashSet(),
            lines.Where(words => words is ["name", _, _]).Select(words => (Name: words[2], Address: Address(words[1]))).Where(found => found.Address is not null)
                .ToLookup(found => found.Name, found => found.Address!, StringComparer.OrdinalIgnoreCase),
            lines.Where(words => words is ["unanswered", _]).Select(words => words[1]).ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>One address in one form.</summary>
    internal static IPAddress? Address(string text) =>
        IPAddress.TryParse(text, out var address) ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : null;
}
