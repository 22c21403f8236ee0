using System.Management.Automation;

namespace LiveMigration.Module.Tests;

/// <summary>A pipe that brings nothing means nothing; never all.</summary>
public sealed class EmptyPipelineTests : HostedTests
{
    private static readonly string[] Asking = ["Get", "Test", "Measure", "Wait", "Compare"];

    /// <summary>What a cmdlet needs beside what is piped in.</summary>
    private static readonly Dictionary<string, string> Arguments = new()
    {
        ["New-MigrationSharedStorage"] = "p -Path /srv/p -NfsServer nas -NfsExport /e",
        ["New-MigrationCertificate"] = "-Path $folder/pki",
        ["Install-MigrationCertificate"] = "-Path $folder",
        ["Set-MigrationBandwidth"] = "-Bandwidth 5MiB/s",
        ["Set-MigrationCapability"] = "-Capability xbzrle -Enabled $true",
        ["Set-MigrationDowntime"] = "-MaxDowntime 5ms",
        ["Set-MigrationParameter"] = "-Parameter max-bandwidth -Value 1",
        ["Compare-QemuProcess"] = "-Destination b",
        ["Enter-HostMaintenance"] = "-Destination b",
        ["Export-MigrationMetric"] = "$folder/metrics.prom",
        ["Export-MigrationReport"] = "$folder/report.html",
        ["Start-VMLiveMigration"] = "-Destination b",
        ["Test-MigrationReadiness"] = "-Destination b",
        ["Invoke-QmpCommand"] = "query-status",
        ["Save-VMState"] = "-Path $folder/web1.state",
        ["Restore-VMState"] = "-Into nosuch",
        ["New-MigrationDisk"] = "-Destination b",
        ["Resume-VMLiveMigration"] = "-Destination b",
        ["Start-HostEvacuation"] = "-Destination b",
        ["New-BalancePlan"] = "-OutFile $folder/plan.yaml",
        ["New-EvacuationPlan"] = "-Destination b -OutFile $folder/plan.yaml",
    };

    public static TheoryData<string> TakePipelines => [.. Cmdlets.All.Where(cmdlet => cmdlet.Parameters.Any(parameter => parameter.FromPipeline)).Select(cmdlet => cmdlet.Name)];

    [Theory]
    [MemberData(nameof(TakePipelines))]
    public void An_empty_pipeline_touches_nothing(string cmdlet)
    {
        var outcome = Shell.Run($"@() | {cmdlet} {Arguments.GetValueOrDefault(cmdlet)}");

        Assert.Empty(outcome.Output);
        if (Asking.Contains(cmdlet.Split('-')[0]))
            Assert.Empty(outcome.Errors);
        else
            IsEmptyPipeline(Assert.Single(outcome.Errors));
        NothingWasTouched();
    }

    [Theory]
    [MemberData(nameof(TakePipelines))]
    public void A_pipeline_whose_every_record_fails_to_bind_touches_nothing(string cmdlet)
    {
        var outcome = Shell.Run($"[pscustomobject]@{{ Nothing = 1 }}, [pscustomobject]@{{ Other = 2 }} | {cmdlet} {Arguments.GetValueOrDefault(cmdlet)}");

        Assert.Empty(outcome.Output);
        Assert.Equal(2, outcome.Errors.Count(error => error.Exception is ParameterBindingException));
        if (!Asking.Contains(cmdlet.Split('-')[0]))
            IsEmptyPipeline(outcome.Errors[^1]);
        NothingWasTouched();
    }

    [Theory]
    [InlineData("Get-LibvirtHost rack9* | Start-HostEvacuation -Destination b -SkipReadiness LM* -WhatIf")]
    [InlineData("Get-LibvirtHost rack9* | New-MigrationSharedStorage p -Path /srv/p -NfsServer nas -NfsExport /e -WhatIf")]
    [InlineData("@() | New-EvacuationPlan -Destination b")]
    [InlineData("Get-LibvirtDomain nosuch* | Start-VMLiveMigration -Destination b -WhatIf")]
    public void A_pattern_that_matched_nothing_empties_no_other_host(string script) => IsEmptyPipeline(Error(script));

    [Theory]
    [InlineData("@() | Get-LibvirtDomain")]
    [InlineData("@() | Get-LibvirtDomain web1")]
    [InlineData("Get-LibvirtHost nosuch* | Get-LibvirtDomain")]
    [InlineData("@() | Get-LibvirtHost")]
    public void Nothing_piped_in_is_nothing_to_list(string script) => Assert.Empty(Shell.Run(script).Clean);

    [Fact]
    public void A_file_of_VMs_that_fit_no_parameter_does_not_move_all_VMs()
    {
        var outcome = Shell.Run("'title,place', 'web1,a' | ConvertFrom-Csv | Get-LibvirtDomain | Start-VMLiveMigration -Destination b -SkipReadiness LM* -WhatIf");

        Assert.Empty(outcome.Output);
        Assert.Equal(2, outcome.Errors.Length);
        IsEmptyPipeline(outcome.Errors[1]);
    }

    [Fact]
    public void An_empty_pipeline_leaves_a_report_that_is_there_as_it_is()
    {
        IsEmptyPipeline(Error("Set-Content $folder/r.html old; @() | Export-MigrationReport $folder/r.html"));

        Assert.Equal("old", File.ReadAllText(Path.Combine(Folder, "r.html")).Trim());
    }

    [Fact]
    public void An_empty_pipeline_may_be_ignored() =>
        Assert.Empty(Shell.Run("@() | Start-VMLiveMigration -Destination b -ErrorAction Ignore").Errors);

    [Theory]
    [InlineData("Get-LibvirtDomain")]
    [InlineData("& { Get-LibvirtDomain }")]
    [InlineData("1 | & { Get-LibvirtDomain }")]
    [InlineData(". { Get-LibvirtDomain }")]
    [InlineData("function all { Get-LibvirtDomain }; all")]
    [InlineData("function all { Get-LibvirtDomain }; @() | all")]
    [InlineData("function all { [CmdletBinding()] param([Parameter(ValueFromPipeline)] $x) end { Get-LibvirtDomain } }; @() | all")]
    [InlineData("1 | ForEach-Object { Get-LibvirtDomain }")]
    [InlineData("foreach ($x in 1) { Get-LibvirtDomain }")]
    [InlineData("Invoke-Expression Get-LibvirtDomain")]
    [InlineData("Set-Content $folder/all.ps1 Get-LibvirtDomain; @() | & $folder/all.ps1")]
    [InlineData("Invoke-Command { Get-LibvirtDomain }")]
    [InlineData("[powershell]::Create('CurrentRunspace').AddCommand('Get-LibvirtDomain').Invoke()")]
    [InlineData("[powershell]::Create('CurrentRunspace').AddScript('Get-LibvirtDomain').Invoke()")]
    [InlineData("function wrap { $s = { Get-LibvirtDomain }.GetSteppablePipeline(); $s.Begin($false); $s.Process(); $s.End() }; wrap")]
    public void Without_a_pipe_all_connected_hosts_are_meant(string script) => Assert.Equal(["db1", "spare", "web1", "web2"], Names(script));

    private static void IsEmptyPipeline(ErrorRecord error)
    {
        Assert.StartsWith("EmptyPipeline,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Contains("The pipeline contained nothing", error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    private void NothingWasTouched()
    {
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
        Assert.Equal(["a", "b"], Names("(Get-LibvirtHost).Name"));
        Assert.Equal(["db1", "spare", "web1", "web2"], Names("Get-LibvirtDomain"));
    }
}
