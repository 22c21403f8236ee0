using System.Text.RegularExpressions;

namespace LiveMigration.PowerShell.Tests;

public sealed partial class ManifestTests
{
    [Fact]
    public void Exports_the_cmdlets_that_there_are()
    {
        var exported = ExportedCmdlets().Match(Module.Manifest).Groups[1].Captures.Select(name => name.Value);

        Assert.Equal(Module.Cmdlets.Select(cmdlet => cmdlet.Name), exported.Order());
    }

    [Theory]
    [InlineData("FunctionsToExport")]
    [InlineData("VariablesToExport")]
    [InlineData("AliasesToExport")]
    public void Exports_nothing_else(string list) => Assert.Matches($@"{list}\s*=\s*@\(\)", Module.Manifest);

    [Fact]
    public void Says_where_the_project_and_its_licence_are()
    {
        Assert.Matches(@"^https://github\.com/\w+/LiveMigration$", ProjectUri);
        Assert.Equal($"{ProjectUri}/blob/main/LICENSE", Value("LicenseUri"));
    }

    /// <summary>The manifest is the only place where the address is decided.</summary>
    [Fact]
    public void Every_other_place_names_the_same_project()
    {
        string[] files =
        [
            Module.Source("README.md"), Module.Source("CHANGELOG.md"),
            .. Directory.GetFiles(Module.Source("docs"), "*.md"), .. Directory.GetFiles(Module.Source("module", "en-US")),
        ];
        var named = files.SelectMany(file => ProjectAddress().Matches(File.ReadAllText(file)).Select(match => match.Value));

        Assert.Equal([ProjectUri], named.Distinct());
    }

    /// <summary>Windows and macOS were never tried.</summary>
    [Fact]
    public void Claims_no_system_but_the_one_that_it_is_tested_on()
    {
        var tags = Tags().Match(Module.Manifest).Groups[1].Captures.Select(tag => tag.Value).ToList();

        Assert.Contains("Linux", tags);
        Assert.Empty(tags.Intersect(["Windows", "MacOS"], StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Its_release_notes_are_those_of_this_version() =>
        Assert.StartsWith($"{Module.Version}: ", ReleaseNotes().Match(Module.Manifest).Groups[1].Value, StringComparison.Ordinal);

    [Fact]
    public void The_changelog_has_a_section_for_this_version() =>
        Assert.Contains(File.ReadLines(Module.Source("CHANGELOG.md")), line => line.StartsWith($"## [{Module.Version}]", StringComparison.Ordinal));

    internal static string ProjectUri => Value("ProjectUri");

    private static string Value(string key) => Regex.Match(Module.Manifest, $@"{key}\s*=\s*'(.+?)'").Groups[1].Value;

    [GeneratedRegex(@"https://github\.com/[\w-]+/LiveMigration(?![\w-])", RegexOptions.IgnoreCase)]
    private static partial Regex ProjectAddress();

    [GeneratedRegex(@"Tags\s*=\s*@\((?:\s*'([\w-]+)',?)*\s*\)")]
    private static partial Regex Tags();

    [GeneratedRegex(@"ReleaseNotes\s*=\s*@'\n(.+?)\n'@", RegexOptions.Singleline)]
    private static partial Regex ReleaseNotes();

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\((?:\s*'([\w-]+)',?)*\s*\)")]
    private static partial Regex ExportedCmdlets();
}
