using System.Globalization;
using System.Text;

namespace LiveMigration.Hypervisors.Qemu;

/// <summary>A QEMU that is to be started.</summary>
public sealed record QemuLaunch
{
    internal QemuLaunch(QemuAddress address, string folder) => (Address, Folder) = (address, folder);

    /// <summary>The host.</summary>
    public required string HostName { get; init; }

    /// <summary>The path of its monitor there.</summary>
    public required string Monitor { get; init; }

    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Images that are made where they are not there.</summary>
    public IReadOnlyList<QemuImage> Images { get; init; } = [];

    /// <summary>Its monitor, for us.</summary>
    internal QemuAddress Address { get; }

    /// <summary>The folder that paths without a root are in.</summary>
    internal string Folder { get; }

    /// <summary>As one would type it.</summary>
    public override string ToString() => string.Join(' ', Arguments.Select(Quoted));

    /// <summary>A word of the shell that stands for a text.</summary>
    internal static string Quoted(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=:,+@%".Contains(letter, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>What a shell does about a QEMU that made its monitor and ended: its last words, and no image that was made for it.</summary>
    /// <param name="process">The number of its process.</param>
    /// <param name="made">The numbers of the images that were made.</param>
    internal string UndoScript(int process, IEnumerable<int> made) =>
        $"kill {process} 2>/dev/null && sleep 1\n{string.Concat(made.Select(number => $"rm -f {Quoted(Images[number].File)}\n"))}tail -n 3 {Quoted($"{Monitor}.log")} >&2\nexit 1\n";

    /// <summary>What a shell does: nothing that is there is replaced, and what was made goes when QEMU does not start.</summary>
    internal string Script()
    {
        var (monitor, log) = (Quoted(Monitor), Quoted($"{Monitor}.log"));
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"umask 077\ncd {Quoted(Folder)} 2>/dev/null || cd /\n");
        script.Append(CultureInfo.InvariantCulture, $"if [ -e {monitor} ] || [ -L {monitor} ]; then echo {Quoted($"{Monitor} exists: remove it if no QEMU has it any more, or give another -Monitor.")} >&2; exit 1; fi\n");
        script.Append("made=\n");
        for (var number = 0; number < Images.Count; number++)
        {
            var image = Images[number];
            script.Append(CultureInfo.InvariantCulture, $"if [ ! -e {Quoted(image.File)} ]; then qemu-img create -q -f {Quoted(image.Format)} {Quoted(image.File)} {image.Size} >&2 || exit 1; made=\"$made {number}\"; fi\n");
        }

        script.Append("undo() { for n in $made; do case $n in ");
        for (var number = 0; number < Images.Count; number++)
            script.Append(CultureInfo.InvariantCulture, $"{number}) rm -f {Quoted(Images[number].File)};; ");
        script.Append("*) ;; esac; done; }\n");
        script.Append(CultureInfo.InvariantCulture, $"setsid {ToString()} </dev/null >>{log} 2>&1 &\npid=$!\nn=0\nwhile [ $n -lt 300 ]; do\n");
        script.Append(CultureInfo.InvariantCulture, $"  if [ -S {monitor} ]; then echo $pid $made; exit 0; fi\n");
        script.Append(CultureInfo.InvariantCulture, $"  kill -0 $pid 2>/dev/null || {{ undo; tail -n 3 {log} >&2; exit 1; }}\n");
        script.Append("  sleep 0.1; n=$((n + 1))\ndone\nkill $pid; undo; echo 'QEMU did not make its monitor within 30 s.' >&2; exit 1\n");
        return script.ToString();
    }
}

/// <summary>An image that a destination needs.</summary>
/// <param name="File">Its path.</param>
/// <param name="Format">Its format, for example <c>qcow2</c>.</param>
/// <param name="Size">The size that the guest sees, in bytes.</param>
public sealed record QemuImage(string File, string Format, long Size);
