using System.Text.RegularExpressions;
using LiveMigration.Readiness;

namespace LiveMigration.Tests.Readiness;

/// <summary>What holds for all checks, also for one that is written tomorrow.</summary>
public sealed partial class ReadinessChecksTests
{
    private static readonly IReadOnlyList<ReadinessCheck> All = ReadinessChecks.All;

    public static TheoryData<string> Ids => new(All.Select(check => check.Id));

    [Fact]
    public void R1_every_check_has_an_id_of_its_own() => Assert.Equal(All.Select(check => check.Id).Distinct(), All.Select(check => check.Id));

    [Fact]
    public void R1_ids_are_those_of_the_list() => Assert.All(All, check => Assert.Matches("^LM[01][0-9]{2}$", check.Id));

    [Fact]
    public void Each_is_in_the_folder_of_its_category() =>
        Assert.All(All, check => Assert.Equal($"LiveMigration.Readiness.Checks.{check.Category}", check.GetType().Namespace));

    [Fact]
    public void R2_a_VM_that_is_ready_passes_them_all() => Assert.Equal(
        [], All.SelectMany(check => check.Run(GivenReadiness.Ready)).Where(finding => finding.Status is not (CheckStatus.Pass or CheckStatus.Skipped)));

    /// <summary>A skip is not a pass; but a check that is always skipped would check nothing.</summary>
    [Fact]
    public void R2_what_is_skipped_by_default_is_what_options_ask_for() => Assert.Equal(
        ["LM009", "LM017", "LM023", "LM026", "LM028", "LM030", "LM053", "LM055", "LM091", "LM092", "LM093", "LM094", "LM096"],
        All.Where(check => check.Run(GivenReadiness.Ready).All(finding => finding.Status is CheckStatus.Skipped)).Select(check => check.Id));

    /// <summary>Only what looks at the options alone may pass or be skipped without a fact.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void R2_without_facts_nothing_passes(string id)
    {
        foreach (var untold in new[] { false, true })
        {
            var findings = All.Single(check => check.Id == id).Run(GivenReadiness.Nothing(untold));
            Assert.All(findings, finding => Assert.True(
                finding.Status is CheckStatus.Unknown || (untold && AsksQemu.Contains(id)) || (finding.Status is CheckStatus.Skipped or CheckStatus.Pass && OnlyOptions.Contains(id))
                || (finding.Status is CheckStatus.Fail && id is "LM001" or "LM002"),
                $"{finding}"));
            Assert.All(findings.Where(finding => finding.Status is CheckStatus.Unknown), finding =>
                Assert.Equal((untold ? "Nobody tells." : "No answer came.", !untold && finding.Severity is CheckSeverity.Blocker), (finding.Evidence, finding.Blocks)));
        }
    }

    private static readonly string[] OnlyOptions = ["LM009", "LM017", "LM023", "LM026", "LM028", "LM030", "LM053", "LM090", "LM091", "LM092", "LM093", "LM096"];

    /// <summary>QEMU is asked only when that is allowed.</summary>
    private static readonly string[] AsksQemu = ["LM042", "LM043", "LM110"];

    [Fact]
    public void Every_title_is_a_sentence_that_should_hold() => Assert.All(All, check =>
    {
        Assert.True(char.IsUpper(check.Title[0]) || check.Title.StartsWith("libvirt", StringComparison.Ordinal), check.Title);
        Assert.DoesNotMatch("[.!?]$", check.Title);
    });

    /// <summary>The page that users read is made by hand.</summary>
    [Fact]
    public void Every_check_is_on_its_page_with_its_severity() => Assert.Equal(
        All.Select(check => $"{check.Id} {check.Severity.ToString()[0]}  {check.Title}").Order(StringComparer.Ordinal),
        File.ReadLines(Checkout.PathOf("docs", "about_LiveMigration_Readiness.md")).Where(line => Listed().IsMatch(line)).Order(StringComparer.Ordinal));

    [GeneratedRegex("^LM[01][0-9]{2} [A-Z]  ")]
    private static partial Regex Listed();
}
