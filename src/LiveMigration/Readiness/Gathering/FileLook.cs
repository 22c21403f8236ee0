using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.Readiness.Gathering;

/// <summary>Whether a host has some files and folders: no call of libvirt tells of one outside its storage pools.</summary>
internal static class FileLook
{
    /// <summary>By path, whether it is there; a path about which our user on the host cannot tell is left out.</summary>
    internal static async Task<IReadOnlyDictionary<string, bool>> AtAsync(
        LibvirtHost host, IReadOnlyCollection<string> paths, bool blockersOnly, CancellationToken cancellationToken)
    {
        if (paths.Count == 0)
            return new Dictionary<string, bool>();
        var said = await RunAsync(host, Script(paths), blockersOnly, cancellationToken).ConfigureAwait(false);
        return Told(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Whether it is the machine that we are on.</summary>
    internal static bool IsHere(LibvirtHost host) => host.Uri is { IsLocal: true, IsInProcess: false } && OperatingSystem.IsLinux();

    /// <summary>Runs a script that looks at files as the user who logged in.</summary>
    internal static async Task<string> RunAsync(LibvirtHost host, string script, bool blockersOnly, CancellationToken cancellationToken)
    {
        if (!IsHere(host) && (host.Uri.Transport is not "ssh" || blockersOnly))
            throw new MissingFactException($"Files can be looked for only on {host.Name} itself, or over qemu+ssh.", untold: true);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Question.ShellPatience);
        try
        {
            return await HostShell.AsUser(host.Name, host.Uri).RunAsync(script, patience.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new MissingFactException($"{host.Name} could not be examined: {error.Message}", untold: true);
        }
    }

    /// <summary>A line for each path: + there, - not there, ? in a folder that our user may not enter.</summary>
    private static string Script(IEnumerable<string> paths) => $$"""
        while IFS= read -r path; do
            if [ -e "$path" ] || [ -L "$path" ]; then printf '%s%s\n' + "$path"; continue; fi
            above=${path%/*}
            while [ -n "$above" ] && [ ! -e "$above" ]; do above=${above%/*}; done
            if [ -x "${above:-/}" ]; then printf '%s%s\n' - "$path"; else printf '%s%s\n' '?' "$path"; fi
        done <<'LiveMigration'
        {{string.Join('\n', paths.Where(path => !path.Contains('\n', StringComparison.Ordinal)))}}
        LiveMigration
        """;

    private static Dictionary<string, bool> Told(IEnumerable<string> lines) =>
        lines.Where(line => line[0] is '+' or '-').DistinctBy(line => line[1..]).ToDictionary(line => line[1..], line => line[0] is '+');
}
