using System.Globalization;
using System.Text;
using LiveMigration.Hypervisors.Qemu;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>Where a state is saved, and the shell's words for all that is done there. Pure: no host is asked.</summary>
/// <param name="File">The file, from the root; null where a command takes the state elsewhere.</param>
internal sealed partial record StatePlace(string? File)
{
    /// <summary>What the folder of a save that is under way begins with.</summary>
    internal const string FolderMark = ".livemigration-save.";

    /// <summary>What the folder of a restore that is under way begins with.</summary>
    internal const string LoadMark = ".livemigration-load.";

    /// <summary>What is behind the file's name for the file that tells of it.</summary>
    internal const string SidecarEnding = ".json";

    /// <summary>Puts out a file of the folder where QEMU's user can write: a link to what only root can read is not followed.</summary>
    private const string NoFollow = "dd iflag=nofollow,nonblock status=none 2>/dev/null if=";

    /// <summary>What <see cref="Holders"/> says where it does not know.</summary>
    internal const string NotAll = "unknown";

    /// <summary>How long, in steps of 0.1 s, a command may take to begin.</summary>
    private const int BeginSteps = 50;

    internal string? Sidecar => File is null ? null : File + SidecarEnding;

    /// <summary>The folder that it is in; the place for what is temporary where there is no file.</summary>
    private string Folder => File is null ? "\"${TMPDIR:-/tmp}\"" : Quoted(FolderOf(File));

    /// <summary>
    /// Looks whether there is anything in the way, and makes a folder that only QEMU's user can enter, beside the file: what is in it can be
    /// renamed to the file in one step. Says <c>ok</c> and the folder's name, or in one line what is in the way. Folders of other saves stay:
    /// whether another session, maybe of another host, still needs one cannot be known here.
    /// </summary>
    /// <param name="monitor">QEMU's monitor, which belongs to the user that QEMU runs as.</param>
    /// <param name="encoding">What is to be done to the stream.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    internal string Prepare(string monitor, StateEncoding encoding, bool force)
    {
        var script = new StringBuilder("umask 077\n");
        Line($"dir={Folder}");
        Line("[ -d \"$dir\" ] || { echo nofolder; exit; }");
        if (File is not null)
        {
            Line($"[ ! -d {Quoted(File)} ] || {{ echo isfolder; exit; }}");
            if (!force)
                Line($"for f in {Quoted(File)} {Quoted(Sidecar!)}; do if [ -e \"$f\" ] || [ -L \"$f\" ]; then echo exists; exit; fi; done");
        }

        foreach (var program in encoding.Programs.Concat(["tee", "sha256sum", "sync", "mktemp"]))
            Line($"command -v {program} >/dev/null || {{ echo 'missing {program}'; exit; }}");
        if (encoding.KeyFile is { } key)
        {
            Line($"[ -f {Quoted(key)} ] && [ -r {Quoted(key)} ] || {{ echo nokey; exit; }}");
            if (encoding.Encryption is StateEncryption.Age)
                Line($"if grep -q '^AGE-SECRET-KEY-' {Quoted(key)}; then echo identity; fi");
        }

        Line($"d=$(mktemp -d \"$dir/{FolderMark}XXXXXX\") || {{ echo nowrite; exit; }}");
        Line($"if [ \"$(id -u)\" -eq 0 ]; then o=$(stat -c %u:%g {Quoted(monitor)}) && chown \"$o\" \"$d\" || {{ rmdir \"$d\"; echo noowner; exit; }}; fi");
        Line("echo \"ok $d\"");
        return script.ToString();

        void Line(string line) => script.Append(line).Append('\n');
    }

    /// <summary>
    /// What QEMU runs, with the stream on its standard input. QEMU does not look how it ends: it is done when there is a file <c>status</c>, in
    /// which each program's status is.
    /// </summary>
    /// <param name="folder">The folder that was made.</param>
    /// <param name="encoding">What is to be done to the stream.</param>
    internal string Store(string folder, StateEncoding encoding)
    {
        var stages = encoding.Encoders().ToList();
        // Of a file its own bytes are hashed; what a command takes elsewhere is hashed before.
        var hashBehind = File is null ? stages.Count - 1 : stages.Count;
        if (File is not null)
            stages.Add(new(StateEncoding.Write, "cat"));
        return $"{Begin(folder)}exec 3>{(File is null ? "/dev/null" : "state")}\n"
            + ShellPipeline.Text(stages, hashBehind, more: 1)
            // Half a file is of no use, and where it has filled the disk there is no room to say so.
            + "if [ -e state ] && printf '%s\\n' \"$st\" | grep -q '^status .* [1-9][0-9]*$'; then : >state; fi\n"
            + (File is null ? "s=0\n" : "exec 3>&-; sync state; s=$?\n")
            + $"printf '%s\\n{ShellPipeline.StatusLine(stages.Count + 1, "sync", "%s")}\\n' \"$st\" $s >status.new && mv status.new status\n";
    }

    /// <summary>What QEMU runs to be sent a state, with the same <c>status</c> in a folder.</summary>
    internal string Load(string folder, StateEncoding encoding) =>
        $"{Begin(folder)}exec 3>&1 </dev/null\n"
        + ShellPipeline.Text([.. Source(encoding), .. encoding.Decoders()], hashBehind: 1)
        + "exec 3>&- >&-\nprintf '%s\\n' \"$st\" >status.new && mv status.new status\n";

    /// <summary>How QEMU's command begins. What programs complain of has its room from the beginning: on a full disk there is none any more.</summary>
    private static string Begin(string folder) =>
        $"umask 077\ncd {Quoted(folder)} && head -c 4096 /dev/zero | tr '\\0' '\\n' >errors && exec 2<>errors || exit 1\necho $$ >pid\n";

    /// <summary>Makes a folder for the statuses of <see cref="Load"/>, for QEMU's user.</summary>
    internal static string PrepareLoad(string monitor) =>
        $"umask 077\nd=$(mktemp -d \"${{TMPDIR:-/tmp}}/{LoadMark}XXXXXX\") || exit 1\nif [ \"$(id -u)\" -eq 0 ]; then chown \"$(stat -c %u:%g {Quoted(monitor)})\" \"$d\" || exit 1; fi\necho \"$d\"\n";

    /// <summary>Waits until the command has ended and puts out how: the statuses, a line, what the programs complained of.</summary>
    internal static string Await(string folder) =>
        $"cd {Quoted(folder)} || exit 1\nn=0\nwhile [ ! -e status ]; do\n  p=$(head -c 20 pid 2>/dev/null)\n"
        + "  if [ -n \"$p\" ]; then if [ ! -d \"/proc/$p\" ] || grep -q '^State:.Z' \"/proc/$p/status\" 2>/dev/null; then sleep 0.2; break; fi\n"
        + string.Create(CultureInfo.InvariantCulture, $"  else n=$((n + 1)); [ $n -lt {BeginSteps} ] || break; fi\n  sleep 0.1\ndone\n")
        + $"{NoFollow}status\necho --\n[ -e state ] && stat -c 'size %s' state\necho --\n{NoFollow}errors | tr -s '\\n' | tail -c 1000\nexit 0\n";

    /// <summary>
    /// Ends what QEMU has begun with <see cref="Store"/>, where it does not end by itself: QEMU waits for it, and its guest with it. The number of
    /// the command's shell stands where QEMU's user can write, so it has to be of that user, and to be in that folder. QEMU itself is its parent.
    /// </summary>
    internal static string EndCommand(string folder) =>
        $"cd {Quoted(folder)} || exit 1\np=$({NoFollow}pid | tr -cd 0-9)\n[ -n \"$p\" ] && [ \"/proc/$p/cwd\" -ef . ] && [ \"$(stat -c %u \"/proc/$p\")\" = \"$(stat -c %u .)\" ] || exit 0\n"
        + "t=$(grep -H '^PPid:' /proc/[0-9]*/status 2>/dev/null | tr ':/\\t' '   ')\nall=$p now=$p\nwhile [ -n \"$now\" ]; do\n"
        + "  now=$(printf '%s\\n' \"$t\" | while read -r _ k _ _ q; do case \" $now \" in *\" $q \"*) printf '%s ' \"$k\";; esac; done)\n"
        + "  all=\"$all $now\"\ndone\nkill -9 $all 2>/dev/null\nexit 0\n";

    /// <summary>Puts the stream out, with the statuses and the hash of the file on the standard error.</summary>
    /// <param name="file">The file that is read; null is what the encoding's command gives.</param>
    /// <param name="encoding">What is to be undone.</param>
    internal static string Read(string? file, StateEncoding encoding)
    {
        var place = new StatePlace(file);
        // Not the rest of this script is the pipeline's input.
        return $"exec 3>&1\n{{ {ShellPipeline.Text([.. place.Source(encoding), .. encoding.Decoders()], hashBehind: 1)}}} </dev/null\necho >&2\nprintf '%s\\n' \"$st\" >&2\n";
    }

    /// <summary>Puts out the first bytes of what some layers are around.</summary>
    internal static string Head(string? file, StateEncoding encoding)
    {
        var place = new StatePlace(file);
        var commands = place.Source(encoding).Concat(encoding.Decoders()).Select(stage => $"({stage.Command}\n)");
        return $"{{ {string.Join(" | ", commands)} | head -c {StateLayers.Window} | base64 -w0; }} </dev/null\n";
    }

    /// <summary>
    /// Gives the file its name, with the one beside it that tells of it. Nothing that is there is replaced without force. It fails where the file
    /// did not get its name; what goes wrong behind that is put out. The folder is taken from QEMU's user first, who could have put links there.
    /// </summary>
    /// <param name="folder">The folder that was made.</param>
    /// <param name="sidecar">What the file beside it holds.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    internal string Finish(string folder, byte[] sidecar, bool force)
    {
        var (file, beside) = (Quoted(File!), Quoted(Sidecar!));
        return $"umask 077\ncd {Quoted(folder)} || exit 1\n[ \"$(id -u)\" -ne 0 ] || chown 0:0 . || exit 1\n"
            + "[ -f state ] && [ ! -L state ] || { echo 'the file that was written is not there any more.' >&2; exit 1; }\nrm -rf about\n"
            + $"printf %s {Convert.ToBase64String(sidecar)} | base64 -d >about && sync about || exit 1\n"
            + "chown -h --reference=state about 2>/dev/null\n"
            // What tells of the old file must not stand beside the new one, whatever happens between the two.
            + (force ? $"rm -f {beside} && mv -fT state {file} || exit 1\n"
                : $"[ ! -e {beside} ] && [ ! -L {beside} ] && mv -nT state {file} && [ ! -e state ] || {{ echo 'a file of that name has come into being meanwhile.' >&2; exit 1; }}\n")
            + $"if ! mv -{(force ? 'f' : 'n')}T about {beside} 2>&1 || [ -e about ]; then echo {Quoted($"{Sidecar} could not be written.")}; fi\n"
            + $"sync {Quoted(FolderOf(File!))} 2>&1 || echo {Quoted($"{FolderOf(File!)} could not be brought to the disk.")}\ncd / && rm -rf {Quoted(folder)}\nexit 0\n";
    }

    /// <summary>Puts out <c>deny</c> where QEMU was started so that it may start no program, <c>ok</c> where it may, and <c>unknown</c>.</summary>
    /// <param name="process">The number of its process; null where only its monitor is known.</param>
    /// <param name="monitor">Its monitor.</param>
    internal static string Spawning(int? process, string monitor)
    {
        var which = process is { } known ? string.Create(CultureInfo.InvariantCulture, $"/proc/{known}") : "/proc/[0-9]*";
        var only = process is not null ? "" : $"  case $(readlink $p/exe 2>/dev/null) in *qemu*) ;; *) continue;; esac\n  tr '\\0' '\\n' <$p/cmdline 2>/dev/null | grep -qF -- {Quoted(monitor)} || continue\n";
        return $"found=unknown\nfor p in {which}; do\n{only}  [ -r $p/cmdline ] || continue\n  found=ok\n"
            + "  if tr '\\0' '\\n' <$p/cmdline | grep -q 'spawn=deny'; then found=deny; break; fi\ndone\necho $found\n";
    }

    /// <summary>Brings a file to the disk and puts out its length.</summary>
    internal static string Sync(string file) => $"sync {Quoted(file)} && stat -c %s {Quoted(file)}\n";

    /// <summary>Puts out the hash of a file.</summary>
    internal static string HashOf(string file) => $"h=$(sha256sum <{Quoted(file)}) && echo \"${{h%% *}}\"\n";

    /// <summary>Puts out a line that is another one when a file is another one, or was changed.</summary>
    internal static string Identity(string file) => $"stat -L -c '%d %i %s %.9Y' {Quoted(file)}\n";

    /// <summary>Puts out a word where a file can be read.</summary>
    internal static string IsReadable(string file) => $"if [ -f {Quoted(file)} ] && [ -r {Quoted(file)} ]; then echo yes; fi\n";

    /// <summary>Puts out what is in the file beside a state, where there is one.</summary>
    internal string ReadSidecar() => $"if [ -e {Quoted(Sidecar!)} ]; then head -c 1048576 {Quoted(Sidecar!)} | base64 -w0; fi\n";

    /// <summary>Removes all of a try.</summary>
    internal static string Discard(string folder) => $"rm -rf {Quoted(folder)}\n";

    /// <summary>Puts out a line for each file, in their order: when it was last changed, in seconds with a fraction, or <c>-</c>.</summary>
    internal static string Changes(IEnumerable<string> files) =>
        $"export LC_ALL=C\nfor f in {string.Join(' ', files.Select(Quoted))}; do stat -L -c %.9Y \"$f\" 2>/dev/null || echo -; done\n";

    /// <summary>
    /// Puts out the number of each process that has a file open, and a line <c>unknown</c> where not all processes could be looked at. QEMU itself,
    /// and <c>find</c>, which has ended, are not among them.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="monitor">QEMU's monitor, which stands in its command line.</param>
    /// <param name="process">QEMU's number; null where only its command line tells.</param>
    internal static string Holders(string file, string monitor, int? process)
    {
        var own = process is { } number ? $"[ $p = {number.ToString(CultureInfo.InvariantCulture)} ]"
            : IsOf("/proc/$p", monitor);
        return $"export LC_ALL=C\ncommand -v find >/dev/null || {{ echo {NotAll}; exit; }}\nfound=$(find -L /proc/[0-9]*/fd -maxdepth 1 -samefile {Quoted(file)} 2>&1)\n"
            + $"printf '%s\\n' \"$found\" | grep -q '^find: .*Permission denied$' && echo {NotAll}\n"
            + $"for p in $(printf '%s\\n' \"$found\" | grep '^/proc/' | cut -d/ -f3 | sort -un); do if [ -d \"/proc/$p\" ] && ! {{ {own}; }}; then echo $p; fi; done\n";
    }

    /// <summary>A condition: whether a process has a monitor in its command line. A part of an argument alone is of another QEMU whose monitor has a longer name.</summary>
    internal static string IsOf(string process, string monitor) =>
        $"tr '\\0' '\\n' <\"{process}/cmdline\" 2>/dev/null | grep -qxE -e {Quoted($"(.*[:=])?{Special().Replace(monitor, "\\$0")}(,.*)?")}";

    [System.Text.RegularExpressions.GeneratedRegex(@"[\\.\[\]{}()*+?^$|]")]
    private static partial System.Text.RegularExpressions.Regex Special();

    private List<ShellStage> Source(StateEncoding encoding) =>
        File is not null ? [new(StateEncoding.Read, $"cat -- {Quoted(File)}")] : encoding.ReadCommand is null ? throw new InvalidOperationException("There is nothing to read from.") : [];

    /// <summary>The folder of a path of QEMU's host, which need not be a path of this one.</summary>
    private static string FolderOf(string file) => file.LastIndexOf('/') is > 0 and var end ? file[..end] : "/";

    private static string Quoted(string text) => QemuLaunch.Quoted(text);
}
