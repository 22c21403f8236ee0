using System.Text.RegularExpressions;

namespace LiveMigration.PowerShell.Tests;

/// <summary>A page of docs/, taken apart at its headings: what is said where, without the line breaks.</summary>
internal sealed partial class HelpPage(string text)
{
    private readonly string _text = text.ReplaceLineEndings("\n");

    /// <summary>What the help has to repeat, by place.</summary>
    public Dictionary<string, string> Words()
    {
        Dictionary<string, string> words = [];
        foreach (var name in (string[])["SYNOPSIS", "DESCRIPTION", "NOTES"])
            words[name] = Prose(Section(name));
        foreach (var (heading, text) in Parts("PARAMETERS").Where(part => part.Heading.StartsWith('-')))
        {
            words[heading] = Prose(Yaml().Replace(text, ""));
            words[$"{heading}, default"] = Default().Match(text).Groups[1].Value.Replace("''", "'", StringComparison.Ordinal);
        }
        foreach (var (heading, text) in Parts("EXAMPLES"))
        {
            var code = Code().Match(text);
            words[$"{heading}, code"] = Words(code.Groups[1].Value);
            words[$"{heading}, remarks"] = Prose(text.Remove(code.Index, code.Length));
        }
        foreach (var section in (string[])["INPUTS", "OUTPUTS"])
        {
            foreach (var (heading, text) in Parts(section))
                words[$"{section} {heading}"] = Prose(text);
        }
        words["RELATED LINKS"] = string.Join(", ", Link().Matches(Section("RELATED LINKS")).Select(link => link.Groups[1].Value));
        return words;
    }

    /// <summary>The examples with their output.</summary>
    public IEnumerable<HelpExample> Examples() => Parts("EXAMPLES").Select((part, index) => new HelpExample(
        index + 1, Code().Match(part.Text).Groups[1].Value, string.Join('\n', Output().Matches(part.Text).Select(output => output.Groups[1].Value))));

    /// <summary>Any run of white space is one blank.</summary>
    public static string Words(string text) => Space().Replace(text, " ").Trim();

    private static string Prose(string text) => Words(Fence().Replace(text, ""));

    private string Section(string name) =>
        Regex.Match(_text, $@"^## {name}\n(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;

    private IEnumerable<(string Heading, string Text)> Parts(string section) =>
        Part().Matches(Section(section)).Select(part => (part.Groups[1].Value.Trim(), part.Groups[2].Value));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"^```.*$", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^```yaml.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Yaml();

    [GeneratedRegex(@"^DefaultValue: '?(.*?)'?$", RegexOptions.Multiline)]
    private static partial Regex Default();

    [GeneratedRegex(@"^```powershell\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^```output\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Output();

    [GeneratedRegex(@"^### ([^\n]+)\n(.*?)(?=^### |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Part();

    [GeneratedRegex(@"^- \[(.+?)\]", RegexOptions.Multiline)]
    private static partial Regex Link();
}
