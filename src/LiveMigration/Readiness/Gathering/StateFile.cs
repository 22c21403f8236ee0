using System.Globalization;
using LiveMigration.Hosts;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;

namespace LiveMigration.Readiness.Gathering;

/// <summary>A file of NVRAM, or a folder of a TPM's state.</summary>
/// <param name="Size">The size of the file in bytes, of the first one in a folder.</param>
/// <param name="Changed">When the file or folder itself was last changed (<c>ctime</c>), in seconds; null where the host does not say.</param>
/// <param name="FileSystem">The type of its file system as <c>stat</c> names it, or <see cref="Named"/>; null where the host does not say.</param>
internal sealed record StateFile(long Size, decimal? Changed, string? FileSystem = null)
{
    /// <summary>Instead of a type: libvirt is told in its configuration that the storage is shared.</summary>
    internal const string Named = "shared_filesystems";

    /// <summary>Whether that of another host may be the same one: nobody can set a file's last change, and two are not made in the same nanosecond.</summary>
    internal bool MayBe(StateFile other) => Changed is not null && Changed == other.Changed;

    /// <summary>By path, the file or folder with a file; null where there is none. A path about which the host does not tell is left out.</summary>
    /// <param name="host">The host.</param>
    /// <param name="places">Where.</param>
    /// <param name="wantsShell">Whether a shell is asked first, which knows more; otherwise libvirt is, which is asked on the connection that is there.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<IReadOnlyDictionary<string, StateFile?>> AtAsync(
        LibvirtHost host, IReadOnlyCollection<StatePlace> places, bool wantsShell, CancellationToken cancellationToken)
    {
        if (!wantsShell && !FileLook.IsHere(host))
            return await ByPoolsAsync(host, places, cancellationToken).ConfigureAwait(false);
        try
        {
            return Told((await FileLook.RunAsync(host, Script(places.Select(place => place.Path)), blockersOnly: false, cancellationToken).ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (MissingFactException)
        {
            return await ByPoolsAsync(host, places, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What libvirt sees in the folders, over any connection.</summary>
    private static async Task<IReadOnlyDictionary<string, StateFile?>> ByPoolsAsync(LibvirtHost host, IReadOnlyCollection<StatePlace> places, CancellationToken cancellationToken)
    {
        string[] paths = [.. places.Select(place => place.Path).Where(path => path.LastIndexOf('/') > 0)];
        var pools = await host.CallAsync(connection => new HostStorage(connection).Pools, cancellationToken).ConfigureAwait(false);
        var lease = await FolderPools.OpenAsync(host, paths.Where(path => !pools.Any(pool => pool.Holds(path))).Select(FolderOf), cancellationToken).ConfigureAwait(false);
        await using var closing = lease.ConfigureAwait(false);
        return await host.CallAsync<IReadOnlyDictionary<string, StateFile?>>(
            connection =>
            {
                var storage = new HostStorage(connection);
                return paths.Distinct()
                    .Where(path => lease.IsAbsent(FolderOf(path)) || storage.PoolOf(path) is { IsActive: true })
                    .ToDictionary(path => path, path => storage.Find(path) is { } there ? new StateFile(there.Length, there.Changed) : null);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static string FolderOf(string path) => path[..path.LastIndexOf('/')];

    /// <summary>What prints the folders of the setting, one a line. It ends at its bracket, and comments are not in it.</summary>
    /// <param name="configuration">Where libvirt's configuration is.</param>
    internal static string SharedFolders(string configuration) =>
        $$"""sed -n '/^[[:space:]]*{{Named}}[[:space:]]*=[[:space:]]*\[/,$ { s/^\([^"#]*\("[^"]*"[^"#]*\)*\)#.*/\1/; p; /]/q; }' {{configuration}} 2>/dev/null | grep -o '"[^"]*"' | tr -d '"'""";

    /// <summary>A line for each path, as <see cref="FileLook"/> has it; what is there is preceded by what stat says.</summary>
    private static string Script(IEnumerable<string> paths) => $$"""
        named=$({{SharedFolders(QemuConfiguration.Path)}})
        IFS='
        '
        type() {
            for folder in $named; do case "$1/" in "${folder%/}"/*) echo {{Named}}; return;; esac; done
            stat -f -c %T "$1" | tr ' ' _
        }
        while IFS= read -r path; do
            found=
            if [ -d "$path" ] && { [ ! -r "$path" ] || [ ! -x "$path" ]; }; then printf '?%s\n' "$path"; continue; fi
            for file in "$path" "$path"/* "$path"/*/*; do if [ -f "$file" ]; then found=$file; break; fi; done
            if [ -n "$found" ]; then
                printf '+%s %s %s %s\n' "$(stat -c %s "$found")" "$(stat -c %.9Z "$path")" "$(type "$path")" "$path"; continue
            fi
            above=$path
            while [ -n "$above" ] && [ ! -e "$above" ]; do above=${above%/*}; done
            if [ -x "${above:-/}" ]; then printf '%s%s\n' - "$path"; else printf '%s%s\n' '?' "$path"; fi
        done <<'LiveMigration'
        {{string.Join('\n', paths.Where(path => !path.Contains('\n', StringComparison.Ordinal)))}}
        LiveMigration
        """;

    private static Dictionary<string, StateFile?> Told(IEnumerable<string> lines)
    {
        var result = new Dictionary<string, StateFile?>();
        foreach (var line in lines)
        {
            if (line[0] is '-')
                result[line[1..]] = null;
            else if (line[0] is '+' && line[1..].Split(' ', 4) is [var size, var changed, var type, var path])
                result[path] = new(long.Parse(size, CultureInfo.InvariantCulture), decimal.TryParse(changed, CultureInfo.InvariantCulture, out var when) ? when : null, type);
        }

        return result;
    }
}
