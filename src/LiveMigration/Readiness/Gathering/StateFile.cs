using System.Globalization;
using LiveMigration.Hosts;

namespace LiveMigration.Readiness.Gathering;

/// <summary>A file of NVRAM or of a TPM's state. Equal on two hosts, it is one file of storage that they share.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Inode">Its number in its file system.</param>
/// <param name="Changed">When it was written, in seconds since 1970.</param>
/// <param name="FileSystem">The type of its file system as <c>stat</c> names it.</param>
internal sealed record StateFile(long Size, ulong Inode, long Changed, string FileSystem)
{
    /// <summary>By path, the file, or the first in the folder; null where there is none. A path about which our user cannot tell is left out.</summary>
    internal static async Task<IReadOnlyDictionary<string, StateFile?>> AtAsync(
        LibvirtHost host, IReadOnlyCollection<StatePlace> places, bool blockersOnly, CancellationToken cancellationToken)
    {
        var said = await FileLook.RunAsync(host, Script(places.Select(place => place.Path)), blockersOnly, cancellationToken).ConfigureAwait(false);
        return Told(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A line for each path, as <see cref="FileLook"/> has it; what is there is preceded by what stat says.</summary>
    private static string Script(IEnumerable<string> paths) => $$"""
        while IFS= read -r path; do
            found=
            if [ -d "$path" ] && { [ ! -r "$path" ] || [ ! -x "$path" ]; }; then printf '?%s\n' "$path"; continue; fi
            for file in "$path" "$path"/* "$path"/*/*; do if [ -f "$file" ]; then found=$file; break; fi; done
            if [ -n "$found" ]; then
                printf '+%s %s %s\n' "$(stat -c '%s %i %Y' "$found")" "$(stat -f -c %T "$found" | tr ' ' _)" "$path"; continue
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
            else if (line[0] is '+' && line[1..].Split(' ', 5) is [var size, var inode, var changed, var type, var path])
                result[path] = new(long.Parse(size, CultureInfo.InvariantCulture), ulong.Parse(inode, CultureInfo.InvariantCulture), long.Parse(changed, CultureInfo.InvariantCulture), type);
        }

        return result;
    }
}
