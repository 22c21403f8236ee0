using System.Globalization;
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

    /// <summary>So many parameters are found by topic, not by the alphabet.</summary>
    [Fact]
    public void The_parameters_of_Start_VMLiveMigration_are_grouped()
    {
        var description = Page("Start-VMLiveMigration").Split("## EXAMPLES")[0].Split("The parameters by topic:")[1];
        var grouped = GroupedParameter().Matches(description).Select(parameter => parameter.Value);

        Assert.Equal(Module.Find("Start-VMLiveMigration").Parameters.Keys.Order(), grouped.Except(["WhatIf", "Confirm"]).Order());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_property_of_an_output_is_described_and_every_number_of_bytes_says_so(string cmdlet)
    {
        var properties = Page(cmdlet).Split("## OUTPUTS")[1].Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal) && !line.StartsWith("- [", StringComparison.Ordinal));

        Assert.All(properties, property => Assert.Matches(Described(), property));
        Assert.All(properties.Where(property => property.Contains("(Int64", StringComparison.Ordinal)), property => Assert.Matches(Unit(), property));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Examples_are_numbered(string cmdlet)
    {
        var numbers = ExampleNumber().Matches(Page(cmdlet)).Select(example => int.Parse(example.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();

        Assert.Equal(Enumerable.Range(1, numbers.Length), numbers);
    }

    [Fact]
    public void There_is_no_page_without_a_cmdlet()
    {
        var pages = Directory.GetFiles(Module.Source("docs"), "*-*.md").Select(page => Path.GetFileNameWithoutExtension(page));

        Assert.Empty(pages.Except(Module.Cmdlets.Select(cmdlet => cmdlet.Name)));
    }

    /// <summary>The README is read in the module's folder too, where docs and samples are not.</summary>
    [Fact]
    public void The_README_links_to_what_is_there()
    {
        var project = $"{ManifestTests.ProjectUri}/";
        var links = Link().Matches(File.ReadAllText(Module.Source("README.md"))).Select(link => link.Groups[1].Value).ToList();

        Assert.Contains(links, link => link.StartsWith(project, StringComparison.Ordinal));
        foreach (var link in links)
        {
            var path = link.Replace("https://raw.githubusercontent.com/", "https://github.com/", StringComparison.Ordinal);
            path = path.StartsWith(project, StringComparison.Ordinal) ? ProjectPath().Replace(path[project.Length..], "") : path;
            if (link.StartsWith('#') || path.StartsWith("http", StringComparison.Ordinal) || path is "issues")
                continue;
            Assert.True(Path.Exists(Module.Source(path)), $"README.md links to {link}, which is not in the repository");
            Assert.True(path != link || File.Exists(Path.Combine(Module.Folder, path)), $"README.md links to {link}, which is not in the module");
        }
    }

    [Fact]
    public void Pictures_are_small() =>
        Assert.All(Directory.GetFiles(Module.Source("docs", "images"), "*.??g"), file => Assert.InRange(new FileInfo(file).Length, 1, 200_000));

    private static string Page(string cmdlet) => File.ReadAllText(PagePath(cmdlet));

    private static string PagePath(string cmdlet) => Module.Source("docs", $"{cmdlet}.md");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    /// <summary>What stands before a path in the address of a file, a folder, or a file's raw content.</summary>
    [GeneratedRegex("^(blob/main|tree/main|main)/")]
    private static partial Regex ProjectPath();

    [GeneratedRegex(@"^### -(\w+)", RegexOptions.Multiline)]
    private static partial Regex ParameterHeading();

    [GeneratedRegex(@"(?<= -)[A-Z]\w+")]
    private static partial Regex GroupedParameter();

    [GeneratedRegex(@"^- \w+ \(.+?\): \S.+\.\s*$")]
    private static partial Regex Described();

    [GeneratedRegex(@"\b([Bb]ytes|[Pp]ages|in Unit)\b")]
    private static partial Regex Unit();

    [GeneratedRegex(@"^### Example (\d+): ", RegexOptions.Multiline)]
    private static partial Regex ExampleNumber();

    [GeneratedRegex(@"## EXAMPLES\s+### .+?```powershell", RegexOptions.Singleline)]
    private static partial Regex Example();
}
