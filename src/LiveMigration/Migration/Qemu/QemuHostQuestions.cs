using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu.Saving;
using LiveMigration.Readiness;

namespace LiveMigration.Migration.Qemu;

/// <summary>Scripts for a host's shell, and what their answers mean. What this user may not see there is not known, and not missing.</summary>
internal static class QemuHostQuestions
{
    internal const string Untold = "untold";

    internal const string NotOpen = "not-open";

    internal const string Gone = "gone";

    internal const string Elsewhere = "elsewhere";

    /// <summary>The addresses where something listens, as the kernel has them.</summary>
    internal const string Listeners =
        $"{{ [ -r /proc/net/tcp ] && command -v awk >/dev/null; }} || {{ echo {Untold}; exit 0; }}\ncat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == \"0A\" {{ print $2 }}'\n";

    /// <summary>What a host knows a name as.</summary>
    internal static string Name(string name) =>
        $"command -v getent >/dev/null || {{ echo {Untold}; exit 0; }}\ngetent ahosts {QemuLaunch.Quoted(name)}\ncase $? in 0) ;; 2) echo none ;; *) echo {Untold} ;; esac\n";

    internal static Outcome JudgeName(string said, string name, string host) => said.Trim() switch
    {
        "none" => Outcome.Broken($"{host} does not know the name {name}: give an address, -MigrationUri tcp:ADDRESS."),
        Untold or "" => Outcome.Untold($"{host} does not say whether it knows the name {name} (getent)."),
        var known => Outcome.Pass($"{host} knows {name} as {known.Split(' ')[0]}."),
    };

    /// <summary>Whether a name is not taken.</summary>
    internal static string IsNew(string file) =>
        $"if said=$(LC_ALL=C ls -d -- {QemuLaunch.Quoted(file)} 2>&1); then echo there; else case $said in *': No such file or directory') echo none ;; *) echo {Untold} ;; esac; fi\n";

    /// <summary>Removes a file, or puts out <see cref="Gone"/> where there is none.</summary>
    internal static string Remove(string file) =>
        $"f={QemuLaunch.Quoted(file)}\nif [ -e \"$f\" ] || [ -L \"$f\" ]; then rm -f -- \"$f\"; else echo {Gone}; fi\n";

    /// <summary>Puts out <see cref="Elsewhere"/> where a QEMU has another view of the files than who asks: a container's, or that of a chroot.</summary>
    internal static string View(int? process, string monitor) =>
        $"{Process(process, monitor)}[ $q/ns/mnt -ef /proc/self/ns/mnt ] && [ $q/root -ef / ] || echo {Elsewhere}\n";

    internal static Outcome JudgeNew(string said, string file, string place) => said.Trim() switch
    {
        "none" => Outcome.Pass($"{place} has no {file} yet."),
        "there" => Outcome.Broken($"{place} has {file} already, which the migration would overwrite: specify the path of a new file."),
        _ => Outcome.Untold($"It is not known whether there is a file {file} at {place}, which the migration would overwrite: this user may not look."),
    };

    /// <summary>
    /// Finds a QEMU's process. What follows has it as <c>$q</c>, below <c>/proc</c>; where it is not known, or its view of the files is not, the script ends with
    /// <see cref="Untold"/>.
    /// </summary>
    /// <param name="process">Its number; null where only its command line tells.</param>
    /// <param name="monitor">Its monitor, which stands in its command line.</param>
    internal static string Process(int? process, string monitor) =>
        $"export LC_ALL=C\nq=\nfor p in {(process is { } number ? string.Create(CultureInfo.InvariantCulture, $"/proc/{number}") : "/proc/[0-9]*")}; do\n"
        + (process is not null ? "" : $"  case $(readlink $p/exe 2>/dev/null) in *qemu*) ;; *) continue;; esac\n  {StatePlace.IsOf("$p", monitor)} || continue\n")
        + $"  [ -z \"$q\" ] || {{ echo {Untold}; exit 0; }}\n  q=$p\ndone\n"
        + $"[ -n \"$q\" ] && ls $q/fd/ >/dev/null 2>&1 && [ -d $q/root/ ] || {{ echo {Untold}; exit 0; }}\n";

    /// <summary>
    /// Begins a script about a file that a QEMU has open: what follows has it as <c>$open</c>, and its path as <c>$path</c>. Where QEMU does not have open what
    /// has the path now, the script ends with <see cref="NotOpen"/>.
    /// </summary>
    internal static string IsOpen(int? process, string monitor, string file) =>
        $"{Process(process, monitor)}f={QemuLaunch.Quoted(file)}\npath=$q/root$f\nopen=\nfor o in $q/fd/*; do\n"
        + $"  [ \"$(readlink $o)\" != \"$f (deleted)\" ] || {{ echo {NotOpen}; exit 0; }}\n  if [ $o -ef \"$path\" ]; then open=$o; fi\ndone\n"
        + $"[ -n \"$open\" ] || {{ echo {NotOpen}; exit 0; }}\n";

    /// <summary>Whether <c>qemu-img map</c> finds nothing in the topmost image (depth 0); null where it does not say.</summary>
    internal static bool? IsEmptyOverlay(string said) =>
        said.Contains("\"depth\": 0,", StringComparison.Ordinal) ? false : said.Contains("\"depth\": ", StringComparison.Ordinal) ? true : null;

    /// <summary>Which files are there: a line for each.</summary>
    internal static string Files(string folder, IEnumerable<string> files) => $$"""
        d={{QemuLaunch.Quoted(folder)}}
        for f in {{string.Join(' ', files)}}; do
            if [ -r "$d/$f" ]; then echo "read $f"; continue; fi
            if said=$(LC_ALL=C ls -Ld -- "$d/$f" 2>&1); then echo "there $f"; continue; fi
            case $said in *'No such file'*|*'Not a directory'*) echo "none $f" ;; *) echo "{{Untold}} $f" ;; esac
        done

        """;

    internal static Outcome JudgeFiles(string said, string folder, string[] files, string place)
    {
        var lines = said.Split('\n', StringSplitOptions.TrimEntries);
        string[] missing = [.. files.Where(file => lines.Contains($"none {file}"))];
        string[] unread = [.. files.Where(file => !lines.Contains($"read {file}"))];
        return missing.Length > 0 ? Outcome.Broken($"{folder} has no {string.Join(", ", missing)}: New-MigrationCertificate makes them.", subject: place)
            : unread.Length > 0 ? Outcome.Untold($"This user may not read {string.Join(", ", unread)} in {folder}; QEMU's may.", place)
            : Outcome.Pass($"{folder} has {string.Join(", ", files)}.", place);
    }

    /// <summary>Whether a port is free at an address.</summary>
    /// <param name="said">What <see cref="Listeners"/> gave.</param>
    /// <param name="bound">Where the destination will listen: an address, or a name.</param>
    /// <param name="port">The port.</param>
    /// <param name="host">The destination's host.</param>
    internal static Outcome JudgePort(string said, string bound, ushort port, string host)
    {
        if (said.Trim() is Untold)
            return Outcome.Untold($"{host} does not say which ports are taken.");
        var address = IPAddress.TryParse(bound, out var parsed) ? parsed : null;
        IPAddress[] taken = [.. said.Split('\n').Select(line => Listener(line.Trim(), port)).OfType<IPAddress>()];
        if (taken.FirstOrDefault(other => address is not null && IsTaken(address, other)) is { } there)
            return Outcome.Broken($"Port {port} of {host} is taken (at {there}): give another, or none, for any that is free.");
        return taken.FirstOrDefault(other => address is null || MayBeTaken(address, other)) is { } perhaps
            ? Outcome.Untold($"Port {port} of {host} is taken at {perhaps}; it is not known whether it is at {bound}, too.")
            : Outcome.Pass($"Port {port} of {host} is free.");
    }

    private static bool IsTaken(IPAddress address, IPAddress other) =>
        address.AddressFamily == other.AddressFamily && (address.Equals(other) || IsAny(address) || IsAny(other));

    /// <summary>One of IPv6 takes the port for IPv4, too, unless its program has said that it does not.</summary>
    private static bool MayBeTaken(IPAddress address, IPAddress other) =>
        address.AddressFamily != other.AddressFamily && (address.Equals(IPAddress.IPv6Any) || other.Equals(IPAddress.IPv6Any));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>The address of a line as <c>0100007F:1F90</c>, if that is its port. The kernel writes words of its own order, and nearly all are little-endian.</summary>
    private static IPAddress? Listener(string line, ushort port)
    {
        if (line.Split(':') is not [{ Length: 8 or 32 } hex, var number] || !ushort.TryParse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var its) || its != port || !hex.All(char.IsAsciiHexDigit))
            return null;
        var bytes = Convert.FromHexString(hex);
        for (var word = 0; word < bytes.Length; word += 4)
            Array.Reverse(bytes, word, 4);
        var address = new IPAddress(bytes);
        return address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
    }
}
