using System.Text.RegularExpressions;

namespace LiveMigration.PowerShell.Tests;

/// <summary>What people read is written in the words that they would use themselves, and search for.</summary>
public sealed partial class WordsTests
{
    /// <summary>Words that are not written any more, and what is written instead.</summary>
    private static readonly (string Word, string Instead)[] Archaic =
    [
        ("mend", "fix"), ("mends", "fixes"), ("mended", "fixed"), ("mending", "fixing"),
        ("anew", "again"), ("foretell", "predict"), ("foretells", "predicts"), ("foretold", "predicted"),
        ("whoever", "the user, the host, anyone who"), ("for want of", "because there is no"), ("come by", "get"), ("comes by", "gets"),
        ("is to be had", "is available"), ("can be had", "is available"), ("by fits and starts", "in bursts"),
        ("standstill", "downtime"), ("stood still", "was paused; downtime"), ("stand still", "pause; downtime"), ("stands still", "is paused; downtime"),
        ("tells of", "shows, lists"), ("does not tell", "does not report"), ("keeps silent", "does not answer"),
        ("in the clear", "unencrypted"), ("goes on by itself", "continues"), ("go on with", "resume"), ("goes on with", "resumes"), ("gone on with", "resumed"),
        ("gets done by itself", "converges"), ("get done by itself", "converge"), ("way home", "return"), ("bring home", "move back"), ("brings home", "moves back"),
        ("travelled", "was transferred"), ("in the middle of the migration", "during the migration"),
        ("at the least", "at least"), ("steers", "controls"), ("nothing says which", "no ... was specified"), ("nothing says where", "no ... was specified"),
        ("lest", "so that not"), ("whence", "from where"), ("hitherto", "until now"), ("thereof", "of it"), ("ere", "before"), ("nought", "nothing"), ("albeit", "although"),
    ];

    private static readonly string[] Folders = ["src", "module", "samples"];

    public static TheoryData<string> Files =>
    [
        .. Folders.SelectMany(folder => Directory.GetFiles(Module.Source(folder), "*", SearchOption.AllDirectories))
            .Where(file => !Built().IsMatch(file) && !Help().IsMatch(file) && Extensions.Contains(Path.GetExtension(file)))
            .Concat(Directory.GetFiles(Module.Source("docs"), "*.md"))
            .Concat([Module.Source("LiveMigration.psd1"), Module.Source("README.md"), Module.Source("CHANGELOG.md")])
            .Select(file => Path.GetRelativePath(Module.Root, file)).Order(StringComparer.Ordinal),
    ];

    private static readonly string[] Extensions = [".cs", ".ps1", ".psm1", ".ps1xml", ".html", ".sh", ".yaml", ".service", ".timer"];

    [Theory]
    [MemberData(nameof(Files))]
    public void No_text_has_an_archaic_word(string file)
    {
        var lines = File.ReadAllLines(Module.Source(file));
        var found = from line in Enumerable.Range(1, lines.Length)
                    from use in Found(Path.GetExtension(file) is ".cs" ? Literals(lines[line - 1]) : lines[line - 1])
                    select $"{file}:{line}: '{use.Word}': write '{use.Instead}'";

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("throw new(\"Mend it.\");", "mend")]
    [InlineData("$\"{name} is made anew\"", "anew")]
    [InlineData("\"It stood  still.\"", "stood still")]
    [InlineData("\"recommended\"", null)]
    [InlineData("Mended = 1; // anew", null)]
    [InlineData("/// <summary>What \"mends\" it.</summary>", null)]
    public void A_word_is_found_whole_in_a_literal(string line, string? word) =>
        Assert.Equal(word, Found(Literals(line)).Select(use => use.Word).SingleOrDefault());

    private static readonly (Regex Words, (string, string) Use)[] Patterns = [.. Archaic.Select(use => (
        new Regex($@"(?<![\w-]){Regex.Escape(use.Word).Replace(@"\ ", @"\s+", StringComparison.Ordinal)}(?![\w-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Compiled),
        use))];

    private static IEnumerable<(string Word, string Instead)> Found(string text) => Patterns.Where(one => one.Words.IsMatch(text)).Select(one => one.Use);

    /// <summary>The string literals of a line of C#, and what is on lines of a longer literal; no comments.</summary>
    private static string Literals(string line) => Comment().IsMatch(line) ? ""
        : line.Contains('"', StringComparison.Ordinal) ? string.Join('\n', Literal().Matches(line).Select(literal => Hole().Replace(literal.Value, "…"))) : Text().IsMatch(line) ? line : "";

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]")]
    private static partial Regex Built();

    /// <summary>Made from the pages in docs.</summary>
    [GeneratedRegex(@"[\\/]en-US[\\/]")]
    private static partial Regex Help();

    [GeneratedRegex(@"^\s*//")]
    private static partial Regex Comment();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Literal();

    /// <summary>An expression within an interpolated string.</summary>
    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();

    /// <summary>A line that is prose, as in a raw string: words, and nothing that ends or opens a statement.</summary>
    [GeneratedRegex(@"^\s*[A-Z<][^;{}()=]*[.:,a-z>]\s*$")]
    private static partial Regex Text();
}
