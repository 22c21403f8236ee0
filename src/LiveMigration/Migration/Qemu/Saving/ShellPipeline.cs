using System.Globalization;
using System.Text;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>
/// A pipeline whose every exit status is known, for a plain POSIX shell: the status that the shell gives is that of the last program alone.
/// File 3 is where the data go, file 4 collects the statuses, file 5 leads to the hash.
/// </summary>
internal static class ShellPipeline
{
    /// <summary>What the stage is called that copies the data to the hash.</summary>
    internal const string Copy = "tee";

    private const string BlockMark = "pipeline";

    private const string HashMark = "sha256";

    private const string StatusMark = "status";

    /// <summary>128 and the number of SIGPIPE: who read what it wrote has ended.</summary>
    private const int BrokenPipe = 141;

    /// <summary>
    /// Sets the shell's <c>$st</c> to a line with the number of statuses that are to follow, one for each program with its place, its name and its
    /// status, and one with the hash of what passed a stage.
    /// </summary>
    /// <param name="stages">The programs; the first has the pipeline's input.</param>
    /// <param name="hashBehind">How many of them the data have passed where they are hashed.</param>
    /// <param name="more">How many statuses the script itself adds.</param>
    internal static string Text(IReadOnlyList<ShellStage> stages, int hashBehind, int more = 0)
    {
        var text = new StringBuilder("st=$({ { ");
        // To the hash by a file of its own: the data go on by the standard output.
        text.AppendJoin(" |\n", stages.Take(hashBehind).Append(new(Copy, "tee /dev/fd/5")).Concat(stages.Skip(hashBehind)).Select((stage, place) =>
            $"{{ ({stage.Command}\n) 3>&- 4>&-{(stage.Name == Copy ? "" : " 5>&-")}; echo \"{StatusMark} {place} {stage.Name} $?\" >&4; }}"));
        text.Append(CultureInfo.InvariantCulture, $" >&3; }} 5>&1 | {{ h=$(sha256sum 3>&- 4>&-); echo \"{HashMark} ${{h%% *}}\" >&4; }}; }} 4>&1)\n");
        text.Append(CultureInfo.InvariantCulture, $"st=\"{BlockMark} {stages.Count + 1 + more}\n$st\"\n");
        return text.ToString();
    }

    /// <summary>A line of the script's own with a status.</summary>
    /// <param name="place">Its place, behind those of the programs.</param>
    /// <param name="name">What it is of.</param>
    /// <param name="status">The status, for a shell.</param>
    internal static string StatusLine(int place, string name, string status) => string.Create(CultureInfo.InvariantCulture, $"{StatusMark} {place} {name} {status}");

    /// <summary>The programs and their statuses, in the order of the pipeline.</summary>
    internal static IReadOnlyList<(string Name, int Status)> Statuses(string said) =>
        [.. StatusLines(said).OrderBy(line => Number(line[1])).Select(line => (line[2], Number(line[3])))];

    /// <summary>Whether each program has said how it ended: one that was killed with its shell has not.</summary>
    internal static bool IsComplete(string said) =>
        Lines(Block(said).Lines).FirstOrDefault() is [_, var count] && Number(count) is > 0 and var expected
        && StatusLines(said).Select(line => Number(line[1])).Order().SequenceEqual(Enumerable.Range(0, expected)) && Statuses(said).All(stage => stage.Status >= 0);

    /// <summary>The hash; null where there is none.</summary>
    internal static string? Hash(string said) =>
        Lines(Block(said).Lines).Where(line => line is [HashMark, var hash] && IsHash(hash)).Select(line => line[1]).LastOrDefault();

    /// <summary>Whether that is a SHA-256 in hexadecimal digits.</summary>
    internal static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>What the programs themselves said before.</summary>
    internal static string Words(string said) => Block(said).Before;

    /// <summary>Of a pipeline that makes a file, the program that is to blame, null where none is: those in front of it fail as nobody reads them any more.</summary>
    internal static (string Name, int Status)? Culprit(IReadOnlyList<(string Name, int Status)> statuses) =>
        statuses.Where(stage => stage.Status != 0).Select(stage => ((string, int)?)stage).LastOrDefault();

    /// <summary>Of a pipeline that reads one, the program that is to blame: those behind it fail as what they get is cut off.</summary>
    internal static (string Name, int Status)? ReadingCulprit(IReadOnlyList<(string Name, int Status)> statuses)
    {
        var failed = statuses.Where(stage => stage.Status is not (0 or BrokenPipe)).Select(stage => ((string Name, int Status)?)stage).ToList();
        return failed.Find(stage => stage!.Value.Name is not (Copy or StateEncoding.Read)) ?? failed.FirstOrDefault();
    }

    private static IEnumerable<string[]> StatusLines(string said) => Lines(Block(said).Lines).Where(line => line is [StatusMark, _, _, _]);

    /// <summary>Ours are the last ones: programs that write to the standard error may write such lines, too, and before them.</summary>
    private static (string Before, string Lines) Block(string said)
    {
        const string Mark = BlockMark + " ";
        var place = said.LastIndexOf("\n" + Mark, StringComparison.Ordinal);
        return place >= 0 ? (said[..place], said[(place + 1)..]) : said.StartsWith(Mark, StringComparison.Ordinal) ? ("", said) : (said, "");
    }

    private static IEnumerable<string[]> Lines(string said) => said.Split('\n').Select(line => line.Trim().Split(' '));

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
