using LiveMigration.Readiness;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

public sealed class ReadinessPolicyTests
{
    private static readonly DateOnly Today = new(2026, 3, 1);
    private static readonly ReadinessFacts Snapshots = Ready.Domain(domain => domain with { Snapshots = Had(1) });

    [Fact]
    public void A_blocker_blocks()
    {
        var finding = Judge(ReadinessPolicy.Default);
        Assert.Equal((CheckStatus.Fail, true), (finding.Status, finding.Blocks));
    }

    [Fact]
    public void A_policy_changes_what_a_check_is_worth()
    {
        var finding = Judge(new() { Severities = new Dictionary<string, CheckSeverity> { ["LM034"] = CheckSeverity.Warning } });
        Assert.Equal((CheckStatus.Warning, CheckSeverity.Warning, false), (finding.Status, finding.Severity, finding.Blocks));
        finding = Judge(new() { Severities = new Dictionary<string, CheckSeverity> { ["LM034"] = CheckSeverity.Information } });
        Assert.Equal(CheckStatus.Pass, finding.Status);
    }

    [Fact]
    public void A_waiver_holds_to_its_last_day_and_is_told()
    {
        var finding = Judge(new() { Waivers = [new("LM034", "ticket 7", Today)] });
        Assert.Equal((CheckStatus.Warning, false, "ticket 7 (until 2026-03-01)"), (finding.Status, finding.Blocks, finding.WaivedBecause));
        finding = Judge(new() { Waivers = [new("LM034", "ticket 7", Today.AddDays(-1))] });
        Assert.Equal((CheckStatus.Fail, true, null), (finding.Status, finding.Blocks, finding.WaivedBecause));
        Assert.EndsWith("Its waiver expired on 2026-02-28.", finding.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LM034", "re*", "b", true)]
    [InlineData("LM034", "web", "*", false)]
    [InlineData("LM034", "*", "c", false)]
    [InlineData("LM033", "*", "*", false)]
    public void A_waiver_is_for_what_it_names(string check, string name, string destination, bool holds) =>
        Assert.Equal(holds, Judge(new() { Waivers = [new(check, "", Today, name, destination)] }).WaivedBecause is not null);

    [Fact]
    public void Waiving_does_not_make_an_unknown_known()
    {
        var facts = Ready.Domain(domain => domain with { Snapshots = Fact<int>.Failed("No answer came.") });
        var finding = Assert.Single(ReadinessJudgement.Judge(
            facts, new() { Checks = ["LM034"] }, new() { Waivers = [new("LM034", "", Today)] }, Today));
        Assert.Equal((CheckStatus.Unknown, false), (finding.Status, finding.Blocks));
    }

    [Fact]
    public void Checks_are_chosen_by_id_pattern_and_category()
    {
        Assert.Equal(["LM044", "LM045"], Ids(new() { Checks = ["lm044", "LM045"] }));
        Assert.Equal(["LM045"], Ids(new() { Checks = ["LM04[4-5]", "LM045"] }));
        Assert.All(Ids(new() { Checks = ["LM04*"], Excluded = ["LM04?"] }), _ => Assert.Fail());
        Assert.Contains("LM078", Ids(new() { Categories = [CheckCategory.Storage] }));
        Assert.DoesNotContain("LM044", Ids(new() { Categories = [CheckCategory.Storage] }));
        Assert.Equal(["LM999"], new ReadinessSelection { Checks = ["LM999", "LM044"] }.Strangers);
    }

    private static IEnumerable<string> Ids(ReadinessSelection selection) =>
        ReadinessJudgement.Judge(Ready, selection, ReadinessPolicy.Default, Today).Select(finding => finding.Id).Distinct();

    private static ReadinessFinding Judge(ReadinessPolicy policy) =>
        Assert.Single(ReadinessJudgement.Judge(Snapshots, new() { Checks = ["LM034"] }, policy, Today));
}
