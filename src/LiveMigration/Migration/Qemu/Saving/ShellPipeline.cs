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

    private const string HashMark = "sha256";

    private const string StatusMark = "status";

    /// <summary>128 and the number of SIGPIPE: who read what it wrote has ended.</summary>
    private const int BrokenPipe = 141;

    /// <summary>Sets the shell's <c>$st</c> to a line for each program with its place, its name and its status, and one with the hash of what passed a stage.</summary>
    /// <param name="stages">The programs; the first has the pipeline's input.</param>
    /// <param name="hashBehind">How many of them the data have passed where they are hashed.</param>
    internal static string Text(IReadOnlyList<ShellStage> stages, int hashBehind)
    {
        var text = new StringBuilder("st=$({ { ");
        // To the hash by a file of its own: the data go on by the standard output.
        text.AppendJoin(" |\n", stages.Take(hashBehind).Append(new(Copy, "tee /dev/fd/5")).Concat(stages.Skip(hashBehind)).Select((stage, place) =>
            $"{{ ({stage.Command}\n) 3>&- 4>&-{(stage.Name == Copy ? "" : " 5>&-")}; echo \"{StatusMark} {place} {stage.Name} $?\" >&4; }}"));
        text.Append(CultureInfo.InvariantCulture, $" >&3; }} 5>&1 | {{ h=$(sha256sum 3>&- 4>&-); echo \"{HashMark} ${{h%% *}}\" >&4; }}; }} 4>&1)\n");
        return text.ToString();
    }

    /// <summary>The programs and their statuses, in the order of the pipeline.</summary>
    internal static IReadOnlyList<(string Name, int Status)> Statuses(string said) =>
    [
        .. Lines(said).Where(line => line is [StatusMark, _, _, _])
            .OrderBy(line => Number(line[1]))
            .Select(line => (line[2], Number(line[3]))),
    ];

    /// <summary>The hash; null where there is none.</summary>
    internal static string? Hash(string said) =>
        Lines(said).Where(line => line is [HashMark, { Length: 64 }]).Select(line => line[1]).FirstOrDefault();

    /// <summary>Of a pipeline that makes a file, the program that is to blame, null where none is: those in front of it fail as nobody reads them any more.</summary>
    internal static (string Name, int Status)? Culprit(IReadOnlyList<(string Name, int Status)> statuses) =>
        statuses.Where(stage => stage.Status != 0).Select(stage => ((string, int)?)stage).LastOrDefault();

    /// <summary>Of a pipeline that reads one, the program that is to blame: those behind it fail as what they get is cut off.</summary>
    internal static (string Name, int Status)? ReadingCulprit(IReadOnlyList<(string Name, int Status)> statuses)
    {
        var failed = statuses.Where(stage => stage.Status is not (0 or BrokenPipe)).Select(stage => ((string Name, int Status)?)stage).ToList();
        return failed.Find(stage => stage!.Value.Name is not (Copy or StateEncoding.Read)) ?? failed.FirstOrDefault();
    }

    private static IEnumerable<string[]> Lines(string said) => said.Split('\n').Select(line => line.Trim().Split(' '));

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
