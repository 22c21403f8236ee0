using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace LiveMigration.PowerShell.Tests;

public sealed partial class DocumentationTests
{
    public static TheoryData<string> All => Module.CmdletNames;

    [Theory]
    [MemberData(nameof(All))]
    public void Every_cmdlet_has_a_Pester_file(string cmdlet)
    {
        var file = Module.Source("tests", "module", $"{cmdlet}.Tests.ps1");

        Assert.True(File.Exists(file), $"{file} is missing");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_page_describes_the_parameters_that_there_are(string cmdlet)
    {
        string[] common = ["WhatIf", "Confirm"];
        var described = ParameterHeading().Matches(Page(cmdlet)).Select(heading => heading.Groups[1].Value);

        Assert.Equal(Module.Find(cmdlet).Parameters.Keys.Order(), described.Except(common).Order());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_page_is_written(string cmdlet)
    {
        Assert.DoesNotContain("{{", Page(cmdlet), StringComparison.Ordinal);
        Assert.Matches(Example(), Page(cmdlet));
    }

    /// <summary>The help names the page, and its hash, that it was made from.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void The_help_is_made_from_the_page(string cmdlet)
    {
        var help = File.ReadAllText(Module.Source("module", "en-US", "LiveMigration.PowerShell.dll-Help.xml"));
        var hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(PagePath(cmdlet))));

        var made = help.Contains($"docs/{cmdlet}.md {hash}", StringComparison.Ordinal);
        Assert.True(made, $"the help of {cmdlet} is older than its page: run ./build.ps1 -Task Docs");
    }

    [Fact]
    public void There_is_no_page_without_a_cmdlet()
    {
        var pages = Directory.GetFiles(Module.Source("docs"), "*-*.md").Select(page => Path.GetFileNameWithoutExtension(page));

        Assert.Empty(pages.Except(Module.Cmdlets.Select(cmdlet => cmdlet.Name)));
    }

    private static string Page(string cmdlet) => File.ReadAllText(PagePath(cmdlet));

    private static string PagePath(string cmdlet) => Module.Source("docs", $"{cmdlet}.md");

    [GeneratedRegex(@"^### -(\w+)", RegexOptions.Multiline)]
    private static partial Regex ParameterHeading();

    [GeneratedRegex(@"## EXAMPLES\s+### .+?```powershell", RegexOptions.Singleline)]
    private static partial Regex Example();
}
