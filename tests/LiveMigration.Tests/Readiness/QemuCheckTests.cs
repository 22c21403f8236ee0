using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Hypervisors.Qemu.Comparison;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Qemu;

namespace LiveMigration.Tests.Readiness;

/// <summary>What was found between two QEMUs without libvirt → findings.</summary>
public sealed class QemuCheckTests
{
    private static readonly QemuReadinessFacts Ready = new()
    {
        Compared = [Difference("-m", QemuDifferenceVerdict.Equal)], Refusals = [], Address = [Outcome.Pass("free")], Certificates = [Outcome.Skip("none")], Space = [Outcome.Skip("no copies")],
    };

    [Fact]
    public void Ids_are_in_order_and_of_QEMU() => Assert.Equal(Enumerable.Range(201, 10).Select(number => $"LM{number}"), ReadinessChecks.OfQemu.Select(check => check.Id));

    [Fact]
    public void Nothing_fails_where_nothing_differs() => Assert.All(Judge(Ready), finding => Assert.True(finding.Status is CheckStatus.Pass or CheckStatus.Skipped, $"{finding}"));

    [Theory]
    [InlineData("-m slots=", QemuDifferenceVerdict.Fatal, "LM201", CheckStatus.Fail)]
    [InlineData("-smp maxcpus=", QemuDifferenceVerdict.Dangerous, "LM201", CheckStatus.Fail)]
    [InlineData("-smp", QemuDifferenceVerdict.Dangerous, "LM201", CheckStatus.Fail)]
    [InlineData("-cpu", QemuDifferenceVerdict.Dangerous, "LM202", CheckStatus.Warning)]
    [InlineData("-device x", QemuDifferenceVerdict.Unknown, "LM201", CheckStatus.Unknown)]
    [InlineData("-machine mem-merge=", QemuDifferenceVerdict.Harmless, null, CheckStatus.Pass)]
    public void A_difference_counts_by_its_verdict(string what, QemuDifferenceVerdict verdict, string? id, CheckStatus status)
    {
        var found = Judge(Ready with { Compared = [Difference(what, verdict)] }).Where(finding => finding.Status is not (CheckStatus.Pass or CheckStatus.Skipped)).ToArray();
        Assert.Equal(id is null ? [] : [(id, status)], found.Select(finding => (finding.Id, finding.Status)));
        Assert.All(found, finding => Assert.Equal(status is CheckStatus.Fail, finding.Blocks));
    }

    [Theory]
    [InlineData("-smp maxcpus=", null, "4", CheckStatus.Fail)]
    [InlineData("-m slots=", "2", null, CheckStatus.Fail)]
    [InlineData("-m slots=", null, null, CheckStatus.Unknown)]
    [InlineData("-device x", null, "there", CheckStatus.Unknown)]
    public void What_was_not_told_does_not_pass(string what, string? source, string? destination, CheckStatus status)
    {
        var untold = new QemuDifference { What = what, Source = source, Destination = destination, Verdict = QemuDifferenceVerdict.Unknown };
        Assert.Equal(status, Assert.Single(Judge(Ready with { Compared = [untold, .. Ready.Compared] }), finding => finding.Id == "LM201").Status);
    }

    [Fact]
    public async Task Where_no_check_is_wanted_nothing_is_asked()
    {
        var (a, b) = (Silent("a"), Silent("b"));
        Assert.Empty((await new QemuReadinessAudit(selection: new ReadinessSelection { Excluded = ["*"] }).TestAsync(a, b)).Findings);
        await Assert.ThrowsAsync<LiveMigrationException>(() => new QemuReadinessAudit().TestAsync(a, b));

        static QemuProcess Silent(string name) => new(QemuAddress.Parse($"unix:/nosuch/{name}.qmp"), name, QmpOptions.Default);
    }

    [Theory]
    [InlineData("LM203", 2)]
    [InlineData("LM204", 1)]
    [InlineData("LM205", 4)]
    [InlineData("LM206", 0)]
    public void What_the_planner_refuses_blocks(string id, int kind)
    {
        var finding = Assert.Single(Judge(Ready with { Refusals = [new QemuRefusal((QemuRefusalKind)kind, Faults.NotSupported, "because")] }), finding => finding.Blocks);
        Assert.Equal((id, CheckStatus.Fail, "because"), (finding.Id, finding.Status, finding.Evidence));
    }

    [Fact]
    public void What_is_looked_at_on_hosts_counts_as_it_was_found()
    {
        var found = Judge(Ready with { Address = [Outcome.Broken("taken")], Certificates = [Outcome.Broken("none")], Space = [Outcome.Untold("no shell")], Readable = "unencrypted" });
        Assert.Equal(
            [("LM207", CheckStatus.Fail), ("LM208", CheckStatus.Fail), ("LM209", CheckStatus.Unknown), ("LM210", CheckStatus.Warning)],
            found.Where(finding => finding.Status is not (CheckStatus.Pass or CheckStatus.Skipped)).Select(finding => (finding.Id, finding.Status)));
    }

    private static ReadinessFinding[] Judge(QemuReadinessFacts facts) => [.. ReadinessChecks.OfQemu.SelectMany(check => check.Run(facts))];

    private static QemuDifference Difference(string what, QemuDifferenceVerdict verdict) => new() { What = what, Source = "1", Destination = "2", Verdict = verdict, Why = "why" };
}
