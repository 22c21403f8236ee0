using System.Management.Automation;
using System.Text.RegularExpressions;

namespace LiveMigration.Module.Tests;

/// <summary>What the prompt shows of each type that a cmdlet writes, in windows of several widths.</summary>
public sealed partial class ViewTests
{
    /// <summary>One for all: nothing here changes it.</summary>
    private static readonly Shell Prompt = new();

    private static readonly string[] Written =
        [.. Prompt.Run("(Get-Command -Module LiveMigration).OutputType.Name | Where-Object { $_ -like 'LiveMigration.*' } | Sort-Object -Unique").Clean.Select(name => (string)name.BaseObject)];

    /// <summary>Columns whose values may be longer than their room: names, and the text of the last column.</summary>
    private static readonly HashSet<string> MayBeCut = ["Name", "Domain", "Uri", "Disks", "Source", "Destination", "Path", "Origin", "Instead", "Error", "InTheWay", "Because", "SetWith", "Title", "Names"];

    public static TheoryData<string, int> Types()
    {
        TheoryData<string, int> data = [];
        foreach (var type in Written)
        {
            foreach (var width in (int[])[80, 93, 120])
                data.Add(type, width);
        }

        return data;
    }

    public static TheoryData<string> TypesAlone() => [.. Written];

    [Theory]
    [MemberData(nameof(TypesAlone))]
    public void Every_type_that_a_cmdlet_writes_has_a_view(string type) =>
        Assert.NotEmpty(Prompt.Run($"Get-FormatData -TypeName {type}").Clean);

    [Theory]
    [MemberData(nameof(Types))]
    public void No_line_is_longer_than_the_window(string type, int width) =>
        Assert.All(Lines(Show(type, "", width)), line => Assert.InRange(line.Length, 0, width));

    [Theory]
    [MemberData(nameof(Types))]
    public void A_table_has_every_word_of_its_header_and_of_its_values_whole(string type, int width)
    {
        if (Table(type) is not { } labels)
            return;

        var lines = Lines(Show(type, " | Format-Table", width)).SkipWhile(line => line.Length == 0).ToArray();
        var rule = Array.FindIndex(lines, line => line.Contains('-') && line.All(character => character is '-' or ' '));

        Assert.True(rule is 1, $"The header breaks:\n{string.Join('\n', lines)}");
        var starts = labels.Select(label => lines[0].IndexOf(label, StringComparison.Ordinal)).ToArray();
        Assert.All(labels.Zip(starts), column => Assert.True(column.Second >= 0, $"{column.First} is missing in:\n{lines[0]}"));
        // A cell that was cut ends with the mark right before the gap to the next column.
        Assert.All(Cut().Matches(lines[2]), cut =>
        {
            var column = labels.Zip(starts).Where(each => each.Second <= cut.Index).MaxBy(each => each.Second).First;
            Assert.True(MayBeCut.Contains(column) || (column == "From" && type.EndsWith("HostEvacuation", StringComparison.Ordinal)), $"{column} is cut in:\n{string.Join('\n', lines[..3])}");
        });
    }

    [Theory]
    [MemberData(nameof(TypesAlone))]
    public void In_the_middle_of_other_objects_a_few_properties_are_shown(string type)
    {
        var shown = Lines(Prompt.Show($"'first'; Get-Date; [LiveMigration.Module.Tests.Specimen]::Of('{type}')", 400)).Where(line => Property().IsMatch(line));

        Assert.InRange(shown.Count(), 0, 13);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void The_URI_of_a_host_is_shown_whole(int width)
    {
        Prompt.Run(TestHosts.Connect);
        try
        {
            var lines = Lines(Prompt.Show("Get-LibvirtHost a", width)).SkipWhile(line => line.Length == 0).ToArray();

            var start = lines[0].IndexOf("Uri", StringComparison.Ordinal);
            Assert.Equal(TestHosts.UriA, string.Concat(lines[2..].Where(line => line.Length > start).Select(line => line[start..])));
        }
        finally
        {
            Prompt.Run(TestHosts.Disconnect);
        }
    }

    [Fact]
    public void Evacuations_are_a_table()
    {
        var lines = Lines(Show("LiveMigration.Evacuation.HostEvacuation", "", 80)).Where(line => line.Length > 0).ToArray();

        Assert.Equal(3, lines.Length);
        Assert.Matches("^Id +From +State +Moved +Stayed +Time +Because", lines[0]);
    }

    [Fact]
    public void An_evacuation_ends_with_its_list_and_not_with_all_its_properties()
    {
        const string Domain = "[LiveMigration.Module.Tests.Specimen]::Of('LiveMigration.Evacuation.EvacuatedDomain')";
        const string Total = "$(($total = [psobject][LiveMigration.Module.Tests.Specimen]::Of('LiveMigration.Evacuation.HostEvacuation')).PSTypeNames.Insert(0, 'LiveMigration.Evacuation.HostEvacuation#Total'); $total)";

        var shown = Prompt.Show($"{Domain}; {Total}", 80);

        Assert.Matches("(?m)^VMs +: ", shown);
        Assert.DoesNotContain("Journal", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Domains ", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$null", false)]
    [InlineData("'No route to host'", true)]
    public void An_evacuation_lists_what_was_not_moved_only_where_there_is_some(string error, bool listed)
    {
        var shown = Prompt.Show(
            $"""
            $total, $one, $other = 'HostEvacuation', 'EvacuatedDomain', 'EvacuatedDomain' | ForEach-Object {"{"} [psobject][LiveMigration.Module.Tests.Specimen]::Of("LiveMigration.Evacuation.$_") {"}"}
            $one.Error, $other.Error = $null, {error}
            $total.Domains = [LiveMigration.Evacuation.EvacuatedDomain[]]($one, $other)
            $total | Format-List
            """,
            80);

        Assert.Equal(listed, shown.Contains("Not moved", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void Findings_show_their_titles_and_break_between_words(int width)
    {
        Prompt.Run(TestHosts.Connect);
        try
        {
            var lines = Lines(Prompt.Show("Test-MigrationReadiness web1 b", width));

            Assert.Contains(lines, line => line.EndsWith("LM008  Both hosts' drivers support live migration", StringComparison.Ordinal));
            // What goes on below stands below the title.
            Assert.All(lines.Skip(4).Where(line => line.Length > 0 && !Finding().IsMatch(line) && !line.Contains('/', StringComparison.Ordinal)), line => Assert.StartsWith(new string(' ', 17), line, StringComparison.Ordinal));
            Assert.Contains("b: The driver TEST does not report support for live migration.", string.Join(' ', lines.Select(line => line.Trim())), StringComparison.Ordinal);

            var findings = Prompt.Show("(Test-MigrationReadiness web1 b).Findings", width);
            Assert.Matches(@"(?m)^  pass    LM041  \S+ \S+", findings);
        }
        finally
        {
            Prompt.Run(TestHosts.Disconnect);
        }
    }

    [Fact]
    public void A_long_text_of_a_finding_breaks_between_words()
    {
        var words = Specimen.Sentence.Split(' ').ToHashSet();
        var text = Show("LiveMigration.Readiness.ReadinessFinding", "", 80);

        var evidence = Lines(text).Where(line => line.StartsWith(new string(' ', 17), StringComparison.Ordinal)).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(evidence, word => Assert.True(words.Contains(word) || word is "vnet1:" or "fix:" or "waived:", $"'{word}' is a part of a word in:\n{text}"));
    }

    [Fact]
    public void What_stays_in_a_plan_is_said_in_sentences_with_one_full_stop()
    {
        Prompt.Run(TestHosts.Connect);
        try
        {
            var shown = Prompt.Show("New-EvacuationPlan a b", 80);

            Assert.Contains("Stays ", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("..", shown, StringComparison.Ordinal);
        }
        finally
        {
            Prompt.Run(TestHosts.Disconnect);
        }
    }

    [Fact]
    public void No_finding_says_its_subject_twice()
    {
        Prompt.Run(TestHosts.Connect);
        try
        {
            var doubled = Prompt.Run("(Test-MigrationReadiness web1 b).Findings | Where-Object { $_.Subject -and $_.Evidence.StartsWith(\"$($_.Subject):\") } | ForEach-Object { \"$_\" }").Clean;

            Assert.Empty(doubled);
        }
        finally
        {
            Prompt.Run(TestHosts.Disconnect);
        }
    }

    private static string Show(string type, string pipe, int width) =>
        string.Concat(Prompt.Run($"[LiveMigration.Module.Tests.Specimen]::Of('{type}'){pipe} | Out-String -Width {width}").Clean.Select(text => text.ToString()));

    /// <summary>The labels of a type's table; null when it has none.</summary>
    private static string[]? Table(string type) => Prompt.Run($$"""
        $table = (Get-FormatData -TypeName {{type}}).FormatViewDefinition.Control | Where-Object { $_ -is [Management.Automation.TableControl] } | Select-Object -First 1
        for ($i = 0; $i -lt $table.Headers.Count; $i++) { $table.Headers[$i].Label ? $table.Headers[$i].Label : $table.Rows[0].Columns[$i].DisplayEntry.Value }
        """).Clean is { Length: > 0 } labels ? [.. labels.Select(label => (string)label.BaseObject).Where(label => label.Trim().Length > 0)] : null;

    private static string[] Lines(string text) => [.. Colour().Replace(text, "").Split('\n').Select(line => line.TrimEnd())];

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colour();

    [GeneratedRegex(@"^  [a-z]+!? +LM\d+  ")]
    private static partial Regex Finding();

    [GeneratedRegex(@"…")]
    private static partial Regex Cut();

    [GeneratedRegex(@"^\w[\w ]* : ")]
    private static partial Regex Property();
}
