using System.Text.RegularExpressions;

namespace LiveMigration.Module.Tests;

/// <summary>The about topics, which are made from docs/ without PlatyPS.</summary>
public sealed partial class TopicTests : IDisposable
{
    private readonly Shell _shell = new();

    [Fact]
    public void Every_topic_is_made_from_its_page()
    {
        var old = _shell.Run($"& '{Module.Root}/docs/Update-Topics.ps1' -Check").Clean.Select(file => file.ToString());

        Assert.True(!old.Any(), $"{string.Join(", ", old)}: older than its page, or than the table of faults in src. Run docs/Update-Topics.ps1");
    }

    /// <summary>Asked of the module that was built: a fault that the script overlooks in the sources is found.</summary>
    [Fact]
    public void Every_error_id_is_explained_with_what_to_do()
    {
        var rows = _shell.Run("""
            $cmdlets = (Get-Command Get-LibvirtHost).ImplementingType.Assembly
            [LiveMigration.Errors.Faults], $cmdlets.GetType('LiveMigration.PowerShell.Errors.CmdletFaults') |
                ForEach-Object { $_.GetFields('Public, Static') } | ForEach-Object { $_.GetValue($null) } |
                ForEach-Object { '### {0} {1} Do: {2}' -f $_.Id, "($($_.Category))", $_.RecommendedAction }
            """).Clean.Select(row => row.ToString()).Order(StringComparer.Ordinal).ToList();

        Assert.True(rows.Count > 100, $"only {rows.Count} faults were found");
        Assert.Equal(rows, Explained().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("about_LiveMigration")]
    [InlineData("about_LiveMigration_Encryption")]
    [InlineData("about_LiveMigration_Errors")]
    [InlineData("about_LiveMigration_Evacuations")]
    [InlineData("about_LiveMigration_Fleets")]
    [InlineData("about_LiveMigration_Jobs")]
    [InlineData("about_LiveMigration_Monitoring")]
    [InlineData("about_LiveMigration_Qemu")]
    [InlineData("about_LiveMigration_Policies")]
    [InlineData("about_LiveMigration_Readiness")]
    [InlineData("about_LiveMigration_Storage")]
    public void Get_Help_shows_the_topic_in_a_window_of_80_columns(string topic)
    {
        var text = string.Concat(_shell.Run($"Get-Help {topic} | Out-String -Width 200").Clean.Select(part => part.ToString()));

        Assert.Contains("SHORT DESCRIPTION", text, StringComparison.Ordinal);
        Assert.Contains("SEE ALSO", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    /// <summary>A topic that another names is there; those of PowerShell itself are.</summary>
    [Fact]
    public void Every_topic_that_is_named_exists()
    {
        string[] builtIn = ["about_Jobs", "about_Try_Catch_Finally"];
        var pages = Directory.GetFiles(Path.Combine(Module.Root, "docs"), "about_*.md");
        var named = pages.SelectMany(page => Named().Matches(File.ReadAllText(page)).Select(match => match.Value)).Distinct();

        Assert.Empty(named.Except(pages.Select(page => Path.GetFileNameWithoutExtension(page))).Except(builtIn));
    }

    public void Dispose() => _shell.Dispose();

    /// <summary>The list of the topic without its meanings, each row on one line.</summary>
    private static IEnumerable<string> Explained()
    {
        var page = File.ReadAllText(Path.Combine(Module.Root, "docs", "about_LiveMigration_Errors.md"));
        return Row().Matches(page).Select(row => $"### {row.Groups[1]} ({row.Groups[2]}) Do: {Space().Replace(row.Groups[3].Value, " ")}");
    }

    [GeneratedRegex(@"^### (\w+)\n[^#]+?\((\w+)\)\n\nDo: (.+?)\n\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\babout_\w+")]
    private static partial Regex Named();
}
