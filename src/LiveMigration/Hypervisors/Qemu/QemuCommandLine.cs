using System.Text.RegularExpressions;

namespace LiveMigration.Hypervisors.Qemu;

/// <summary>A QEMU's command line → that of a twin which waits for its guest. Pure: no host is asked.</summary>
internal static partial class QemuCommandLine
{
    /// <summary>Options that open what only one process can have: a socket that is listened on, a file that is written.</summary>
    private static readonly HashSet<string> Exclusive = ["qmp", "qmp-pretty", "monitor", "chardev", "serial", "parallel", "debugcon", "vnc", "spice", "pidfile", "D", "netdev", "nic"];

    private static readonly HashSet<string> OfDisks = ["drive", "blockdev", "hda", "hdb", "hdc", "hdd", "cdrom", "sd", "mtdblock", "pflash"];

    /// <summary>Options whose value may begin with a dash.</summary>
    private static readonly HashSet<string> FreeText = ["append", "name", "fw_cfg", "k", "boot"];

    /// <summary>What is left out, with its value.</summary>
    private static readonly HashSet<string> Dropped = ["incoming", "loadvm"];

    /// <summary>The twin's arguments, without the program.</summary>
    /// <param name="arguments">The source's arguments, without the program.</param>
    /// <param name="machine">Its machine type with the version; null where that is not known.</param>
    /// <param name="paths">Other paths, by the beginning of the source's; the longest that fits counts.</param>
    /// <param name="disks">Other files of disks, by the source's.</param>
    /// <param name="sameMachine">Whether both run on one machine.</param>
    /// <param name="refused">What cannot be done, and why.</param>
    internal static IReadOnlyList<string> Twin(
        IReadOnlyList<string> arguments, string? machine, IReadOnlyDictionary<string, string> paths, IReadOnlyDictionary<string, string> disks, bool sameMachine, List<string> refused)
    {
        var twin = new List<string>();
        var hasMachine = false;
        foreach (var (option, value) in Pairs(arguments))
        {
            if (option is null)
            {
                twin.Add(Replace(value!, disks)); // A file alone is the first disk.
                continue;
            }

            if (Dropped.Contains(option) || option is "daemonize" or "S")
                continue;
            if (option is "snapshot")
                refused.Add("-snapshot writes to a file without a name, which no other QEMU can open.");
            if (value is not null && Inherited().IsMatch(value))
                refused.Add($"-{option} {value} has a file that QEMU inherited open from who started it.");
            var now = value;
            if (value is not null && option is "machine" or "M")
            {
                hasMachine = true;
                now = Machine(value!, machine);
            }
            else if (value is not null)
            {
                now = OfDisks.Contains(option) ? Replace(value, disks) : Exclusive.Contains(option) || option is "object" ? PathIn().Replace(value, match => Map(match.Value, paths)) : value;
            }

            if (sameMachine && Exclusive.Contains(option) && now == value && value is not null && TakesTurns(option, value))
                refused.Add($"-{option} {value} would be the same for both on this machine: map its path.");
            if (sameMachine && option is "object" && now == value && SharedMemory().IsMatch(value!))
                refused.Add($"-{option} {value} is memory that both would have, and the twin would write to: map its path.");
            twin.Add($"-{option}");
            if (now is not null)
                twin.Add(now);
        }

        if (!hasMachine && machine is not null)
            twin.AddRange(["-machine", machine]);
        twin.AddRange(["-S", "-incoming", "defer"]);
        return twin;
    }

    /// <summary>The ids of devices on a command line.</summary>
    internal static HashSet<string> DeviceIds(IReadOnlyList<string> arguments) =>
        [.. Pairs(arguments).Where(pair => pair is { Option: "device" or "object", Value: not null }).Select(pair => Id().Match(pair.Value!)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    /// <summary>Options with their values; a value alone has no option.</summary>
    private static IEnumerable<(string? Option, string? Value)> Pairs(IReadOnlyList<string> arguments)
    {
        for (var place = 0; place < arguments.Count; place++)
        {
            if (arguments[place] is not ['-', ..] || arguments[place].TrimStart('-').Length == 0)
            {
                yield return (null, arguments[place]);
                continue;
            }

            var option = arguments[place].TrimStart('-');
            var hasValue = place + 1 < arguments.Count && (FreeText.Contains(option) || arguments[place + 1] is not ['-', ..] || arguments[place + 1].Length == 1);
            yield return (option, hasValue ? arguments[++place] : null);
        }
    }

    /// <summary>The same with the type's version: an alias is another one in another QEMU.</summary>
    private static string Machine(string value, string? machine)
    {
        if (machine is null)
            return value;
        var parts = value.Split(',');
        var place = Array.FindIndex(parts, part => part.StartsWith("type=", StringComparison.Ordinal));
        if (place < 0 && parts[0].Contains('=', StringComparison.Ordinal))
            return value; // Properties alone: another option has the type.
        parts[Math.Max(place, 0)] = place < 0 ? machine : $"type={machine}";
        return string.Join(',', parts);
    }

    /// <summary>A path with another beginning; the longest that fits counts.</summary>
    internal static string Map(string path, IReadOnlyDictionary<string, string> paths)
    {
        var fits = paths.Where(pair => path.StartsWith(pair.Key, StringComparison.Ordinal)).OrderByDescending(pair => pair.Key.Length).FirstOrDefault();
        return fits.Key is null ? path : fits.Value + path[fits.Key.Length..];
    }

    private static string Replace(string value, IReadOnlyDictionary<string, string> disks) => PathIn().Replace(value, match =>
        disks.TryGetValue(match.Value, out var other) ? other : match.Value);

    private static bool TakesTurns(string option, string value) =>
        PathIn().IsMatch(value) || option is "pidfile" or "D" || value.Contains("hostfwd=", StringComparison.Ordinal)
        || (option is "vnc" && value is not "none") || (value.Contains("server", StringComparison.Ordinal) && !value.Contains("server=off", StringComparison.Ordinal));

    /// <summary>A path from the root, as QEMU's options have it: behind <c>=</c>, <c>:</c> or a quotation mark, up to the next comma or mark.</summary>
    [GeneratedRegex("(?<![^=:\"'])/[^,\"']*")]
    private static partial Regex PathIn();

    [GeneratedRegex("mem-path.*share\"?[=:] *(on|yes|true)|share\"?[=:] *(on|yes|true).*mem-path")]
    private static partial Regex SharedMemory();

    [GeneratedRegex("(^|,)(fds?|vhostfds?)=[0-9]|/dev/fdset/|(^|:)fd:[0-9]")]
    private static partial Regex Inherited();

    [GeneratedRegex("(?:^|,)id=([^,]+)|\"id\"\\s*:\\s*\"([^\"]+)\"")]
    private static partial Regex Id();
}
