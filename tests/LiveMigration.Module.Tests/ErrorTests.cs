using System.Management.Automation;

namespace LiveMigration.Module.Tests;

/// <summary>What an error brings along: its id, what it is about, whose it is, and what to do.</summary>
public sealed class ErrorTests : IDisposable
{
    private readonly Shell _shell = new();

    public ErrorTests() => _ = _shell.Run(TestHosts.Connect).Clean;

    [Fact]
    public void A_refused_migration_brings_its_readiness_report()
    {
        var error = Assert.Single(_shell.Run("Start-VMLiveMigration web1 b").Errors);

        Assert.Equal("NotReady,LiveMigration.PowerShell.Commands.StartVMLiveMigrationCommand", error.FullyQualifiedErrorId);
        Assert.Equal("LiveMigration.Readiness.ReadinessReport", error.TargetObject.GetType().FullName);
        Assert.Same(error.TargetObject, Property(error.Exception, "Report"));
        Assert.Equal("web1", Property(error.TargetObject, "Name"));
    }

    [Fact]
    public void The_error_of_a_migration_in_a_job_is_its_cmdlets()
    {
        var error = Assert.Single(_shell.Run("Start-VMLiveMigration web1 b -SkipReadiness * -AsJob | Wait-Job -Timeout 60 | Receive-Job").Errors);

        Assert.Equal("Start-VMLiveMigration", error.CategoryInfo.Activity);
        Assert.Equal("web1", Property(error.TargetObject, "Name"));
    }

    [Fact]
    public void An_error_of_an_evacuation_in_a_job_is_its_cmdlets()
    {
        var outcome = _shell.Run("Start-HostEvacuation a -Destination b -SkipReadiness * -AsJob | Wait-Job -Timeout 60 | Receive-Job");

        Assert.NotEmpty(outcome.Errors);
        Assert.All(outcome.Errors, error => Assert.Equal("Start-HostEvacuation", error.CategoryInfo.Activity));
    }

    [Fact]
    public void Each_vm_of_an_evacuation_is_a_result_or_an_error_that_has_it_as_a_single_migration_does()
    {
        var outcome = _shell.Run("Start-HostEvacuation a -Destination b -SkipReadiness *");

        // The test driver cannot migrate: each VM is an error, and what came of all is the only output.
        var total = Assert.Single(outcome.Output);
        Assert.Equal("LiveMigration.Evacuation.HostEvacuation#Total", total.TypeNames[0]);
        Assert.Equal(["db1", "web1", "web2"], outcome.Errors.Select(error => (string)Property(error.TargetObject, "Name")!).Order());
    }

    [Fact]
    public void A_migration_that_the_hosts_cannot_do_is_not_tried_again()
    {
        var attempts = _shell.Run("(Start-HostEvacuation a -Destination b -SkipReadiness * -Attempts 3 -ErrorAction SilentlyContinue)[-1].Domains.Attempts").Output;

        Assert.Equal([1, 1, 1], attempts.Select(count => (int)count.BaseObject));
    }

    [Theory]
    [InlineData("http://x", "no driver 'http'")]
    [InlineData("ssh://root@kvm1/system", "qemu+ssh://root@kvm1/system")]
    public void A_scheme_that_libvirt_lacks_is_said_so(string uri, string said)
    {
        var error = Assert.Single(_shell.Run($"Connect-LibvirtHost {uri}").Errors);

        Assert.StartsWith("InvalidHost,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(said, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("certificate", $"{error.ErrorDetails.Message} {error.ErrorDetails.RecommendedAction}", StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("New-EvacuationPlan a b -Fleet", "lnks: []", "InvalidFleet,", "about_LiveMigration_Fleets")]
    [InlineData("Start-HostEvacuation -Plan", "evacuate: [a]\nmoves: []\nlnks: []", "InvalidPlan,", "New-EvacuationPlan")]
    [InlineData("Test-MigrationReadiness web1 b -Policy", "waivers: 1", "InvalidReadinessPolicy,", "Get-Help Test-MigrationReadiness")]
    [InlineData("Start-VMLiveMigration web1 b -Policy", "lnks: []", "InvalidPolicy,", "about_LiveMigration_Policies")]
    public void A_mistake_in_a_file_points_to_what_describes_that_file(string command, string text, string id, string advice)
    {
        using var folder = new Folder();
        var file = folder.Write("file.yaml", text);

        var error = Assert.Single(_shell.Run($"{command} '{file}'").Errors);

        Assert.StartsWith(id, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(advice, error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cache*")]
    [InlineData("cachemodesafe")]
    [InlineData("LM079")]
    public void A_check_goes_by_its_id_or_its_name(string check)
    {
        var finding = Assert.Single(_shell.Run($"(Test-MigrationReadiness web1 b -Check {check}).Findings").Clean);

        Assert.Equal(("LM079", "CacheModeSafe"), ((string)finding.Properties["Id"].Value, (string)finding.Properties["Check"].Value));
        Assert.DoesNotContain("LM079", _shell.Run($"(Test-MigrationReadiness web1 b -ExcludeCheck {check}).Findings.Id").Clean.Select(id => (string)id.BaseObject));
    }

    [Fact]
    public void A_check_that_stands_in_the_way_is_skipped_by_its_name()
    {
        var error = Assert.Single(_shell.Run("Start-VMLiveMigration web1 b -SkipReadiness LiveMigrationDriver").Errors);

        Assert.DoesNotContain("LM008", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_readiness_policy_names_checks_by_word()
    {
        using var folder = new Folder();
        var file = folder.Write("site.yaml", "severities:\n  KeepAliveOn: information\nwaivers:\n  - { check: LiveMigrationDriver, reason: a test, until: 2999-12-31 }");

        var report = Assert.Single(_shell.Run($"Test-MigrationReadiness web1 b -Policy '{file}' -Check LM008, LM012").Clean);

        Assert.True((bool)report.Properties["IsReady"].Value);
        Assert.DoesNotContain("LM012 Warning", string.Join(' ', _shell.Run($"\"$((Test-MigrationReadiness web1 b -Policy '{file}' -Check LM012).Findings)\"").Clean.Select(text => text.ToString())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Test-MigrationReadiness web1 b -Check cache", "CacheModeSafe")]
    [InlineData("Start-VMLiveMigration web1 b -SkipReadiness disk", "DisksShared")]
    [InlineData("Start-HostEvacuation a -SkipReadiness LM07", "LM079")]
    public void Checks_are_completed_by_id_and_by_name(string line, string expected)
    {
        var completions = _shell.Run($"(TabExpansion2 '{line}' {line.Length}).CompletionMatches.CompletionText").Clean;

        Assert.Contains(expected, completions.Select(text => (string)text.BaseObject));
    }

    [Fact]
    public void A_stack_trace_does_not_show_where_the_module_was_built()
    {
        var trace = _shell.Run("Get-LibvirtDomainDisk nosuch").Errors[0].Exception.StackTrace;

        Assert.Contains("LiveMigration", trace!, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.Combine(Module.Root, "src"), trace, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _shell.Run(TestHosts.Disconnect);
        _shell.Dispose();
    }

    private static object? Property(object of, string name) => of.GetType().GetProperty(name)?.GetValue(of);
}
