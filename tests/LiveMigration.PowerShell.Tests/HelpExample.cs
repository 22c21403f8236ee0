using System.Text.RegularExpressions;

namespace LiveMigration.PowerShell.Tests;

/// <summary>An example of a page: its commands, and the output that the page shows below them; empty if it shows none.</summary>
internal sealed partial record HelpExample(int Number, string Code, string Output)
{
    /// <summary>The columns of tables and the names in lists.</summary>
    public IEnumerable<string> Names()
    {
        var lines = Output.Split('\n');
        for (var line = 0; line < lines.Length; line++)
        {
            if (Item().Match(lines[line]) is { Success: true } item)
                yield return item.Groups[1].Value;
            if (line == 0 || !Rule().IsMatch(lines[line]))
                continue;
            foreach (var column in Dashes().Matches(lines[line]).Cast<Match>())
                yield return lines[line - 1].PadRight(column.Index + column.Length).Substring(column.Index, column.Length).Trim();
        }
    }

    /// <summary>The checks of readiness reports: id, and title as far as the line has it.</summary>
    public IEnumerable<(string Id, string Title)> Checks() => Finding().Matches(Output).Select(finding => (finding.Groups[1].Value, finding.Groups[2].Value.Trim()));

    [GeneratedRegex(@"^(\w+) +: ")]
    private static partial Regex Item();

    [GeneratedRegex(@"^ *-+( +-+)* *$")]
    private static partial Regex Rule();

    [GeneratedRegex("-+")]
    private static partial Regex Dashes();

    [GeneratedRegex(@"^ +[a-z!]+ +(LM\d+)  (.+)$", RegexOptions.Multiline)]
    private static partial Regex Finding();
}
