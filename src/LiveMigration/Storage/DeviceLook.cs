using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.Storage;

/// <summary>
/// What a host's own kernel says of devices and files: which names lead to one device, and what the host itself does with it. libvirt tells neither; asked is
/// the shell of the user who logs in, where there is one.
/// </summary>
internal sealed class DeviceLook
{
    /// <summary>A host over ssh that does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ILookup<string, string> _identities;
    private readonly ILookup<string, string> _uses;

    private DeviceLook(ILookup<string, string> identities, ILookup<string, string> uses) => (_identities, _uses) = (identities, uses);

    /// <summary>Whether both are one device or file, or one is a part of the other; false where that is not told.</summary>
    internal bool IsSame(string path, string other) => path == other || _identities[path].Intersect(_identities[other]).Any();

    /// <summary>What the host itself does with a device or a file, for example <c>mounted on /srv</c>; null where it is seen to do nothing.</summary>
    internal string? UseOf(string path) => _uses[path].Distinct().ToArray() is { Length: > 0 } uses ? string.Join(", ", uses) : null;

    /// <summary>Asks a host; null where its shell cannot be asked, or does not answer.</summary>
    /// <param name="host">The host.</param>
    /// <param name="paths">Devices and files.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<DeviceLook?> AtAsync(LibvirtHost host, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        if (!HasShell(host))
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return Parse(await HostShell.AsUser(host.Name, host.Uri).RunAsync(Script(paths), patience.Token).ConfigureAwait(false));
        }
        catch (Exception error) when (error is LiveMigrationException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Whether the host can be asked at all: it is this one, or its connection is over ssh.</summary>
    internal static bool HasShell(LibvirtHost host) => (host.Uri is { IsLocal: true, IsInProcess: false } && OperatingSystem.IsLinux()) || host.Uri.Transport is "ssh";

    /// <summary>
    /// Lines of <c>id</c>, a path and what it is; <c>use</c>, a path and what is done with it. A loop device is the file that it shows, and a disk is its partitions.
    /// A file that is attached as a loop device is in use by that alone.
    /// </summary>
    private static string Script(IEnumerable<string> paths) => $$"""
        number() { set -- $(stat -Lc '0x%t 0x%T' "$1" 2>/dev/null); [ $# -eq 2 ] && printf '%d:%d' "$1" "$2"; }
        file() { stat -Lc 'f%d:%i' "$1" 2>/dev/null; }
        mounts=$(awk '{ for (i = 7; i <= NF && $i != "-"; i++); print $3, $(i + 2), $5 }' /proc/self/mountinfo 2>/dev/null)
        uses() {
            printf '%s\n' "$mounts" | while read -r device from point; do
                if [ "$device" = "$2" ] || { [ -b "$from" ] && [ "$(number "$from")" = "$2" ]; }; then printf 'use\t%s\tmounted on %s\n' "$1" "$point"; fi
            done
            tail -n +2 /proc/swaps 2>/dev/null | while read -r from rest; do
                if [ -b "$from" ] && [ "$(number "$from")" = "$2" ]; then printf 'use\t%s\tused as swap\n' "$1"; fi
            done
            for holder in /sys/dev/block/$2/holders/*; do
                if [ -e "$holder" ]; then printf 'use\t%s\tpart of /dev/%s (%s)\n' "$1" "${holder##*/}" "$(cat "$holder/dm/name" 2>/dev/null || echo md)"; fi
            done
        }
        while IFS= read -r path; do
            if [ -b "$path" ]; then
                device=$(number "$path")
                printf 'id\t%s\t%s\n' "$path" "$device"
                uses "$path" "$device"
                if [ -r "/sys/dev/block/$device/loop/backing_file" ]; then printf 'id\t%s\t%s\n' "$path" "$(file "$(cat "/sys/dev/block/$device/loop/backing_file")")"; fi
                for part in /sys/dev/block/$device/*/partition; do
                    if [ -e "$part" ]; then
                        part=$(cat "${part%partition}dev")
                        printf 'id\t%s\t%s\n' "$path" "$part"
                        uses "$path" "$part"
                    fi
                done
            elif [ -f "$path" ]; then
                own=$(file "$path")
                printf 'id\t%s\t%s\n' "$path" "$own"
                for loop in /sys/block/loop*/loop/backing_file; do
                    if [ -r "$loop" ] && [ "$(file "$(cat "$loop")")" = "$own" ]; then loop=${loop%/loop/backing_file}; printf 'use\t%s\tattached as /dev/%s\n' "$path" "${loop##*/}"; fi
                done
                while read -r from rest; do
                    if [ -f "$from" ] && [ "$(file "$from")" = "$own" ]; then printf 'use\t%s\tused as swap\n' "$path"; fi
                done </proc/swaps
            fi
        done <<'LiveMigration'
        {{string.Join('\n', paths.Distinct().Where(path => path.StartsWith('/') && !path.AsSpan().ContainsAny('\n', '\t')))}}
        LiveMigration
        """;

    /// <summary>Reads what the script put out.</summary>
    internal static DeviceLook Parse(string said)
    {
        var lines = said.Split('\n').Select(line => line.Split('\t')).Where(words => words is [_, _, { Length: > 0 }]).ToLookup(words => words[0]);
        return new DeviceLook(lines["id"].ToLookup(words => words[1], words => words[2]), lines["use"].ToLookup(words => words[1], words => words[2]));
    }
}
