namespace LiveMigration.PowerShell.Tests;

/// <summary>The help in module/en-US is made from docs/ with a module that not every machine has; that it was made needs no such module.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> All => Module.CmdletNames;

    [Theory]
    [MemberData(nameof(All))]
    public void The_help_says_what_the_page_says(string cmdlet)
    {
        var page = new HelpPage(Page(cmdlet)).Words();

        Assert.NotEmpty(page["SYNOPSIS"]);
        Assert.NotEmpty(page["DESCRIPTION"]);
        Assert.Contains(page.Keys, place => place.StartsWith("Example 1:", StringComparison.Ordinal));
        Assert.Empty(Differences(cmdlet, page, MamlHelp.Words(cmdlet)));
    }

    [Fact]
    public void The_help_is_of_these_cmdlets() => Assert.Equal(Module.Cmdlets.Select(cmdlet => cmdlet.Name), MamlHelp.Cmdlets.Order());

    /// <summary>That a page was edited and the help not made again is found, and said.</summary>
    [Theory]
    [InlineData("Aborts", "SYNOPSIS")]
    [InlineData("Stop-VMLiveMigration web1", "Example 1")]
    [InlineData("MigrationResult\n\n", "OUTPUTS")]
    [InlineData("DefaultValue: ", "default")]
    public void A_word_that_differs_is_found(string text, string place)
    {
        var page = Page("Stop-VMLiveMigration").ReplaceLineEndings("\n");
        var at = page.IndexOf(text, StringComparison.Ordinal) + text.Length;
        Assert.True(at >= text.Length, $"the page has no '{text}'");
        var edited = new HelpPage(page.Insert(at, "edited ")).Words();

        var difference = Assert.Single(Differences("Stop-VMLiveMigration", edited, MamlHelp.Words("Stop-VMLiveMigration")));

        Assert.Contains("docs/Stop-VMLiveMigration.md", difference, StringComparison.Ordinal);
        Assert.Contains(place, difference, StringComparison.Ordinal);
        Assert.Contains("edited", difference, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Differences(string cmdlet, Dictionary<string, string> page, Dictionary<string, string> help) =>
        from place in page.Keys.Union(help.Keys)
        let said = page.GetValueOrDefault(place, "nothing")
        let repeated = help.GetValueOrDefault(place, "nothing")
        where said != repeated
        select $"docs/{cmdlet}.md, {place}: the page says '{said}', the help '{repeated}'. Run ./build.ps1 -Task Docs.";

    private static string Page(string cmdlet) => File.ReadAllText(Module.Source("docs", $"{cmdlet}.md"));
}
