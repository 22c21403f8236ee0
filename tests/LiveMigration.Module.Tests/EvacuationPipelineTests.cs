namespace LiveMigration.Module.Tests;

/// <summary>Evacuations of hosts of the test driver, which migrates nothing: each ends with all VMs where they were.</summary>
public sealed class EvacuationPipelineTests : HostedTests
{
    private const string Failed = "$failed = Start-HostEvacuation a -Destination b -SkipReadiness LM* -Attempts 1 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Select-Object -Last 1;";

    [Theory]
    [InlineData("-HostName a", true)]
    [InlineData("-HostName A", true)]
    [InlineData("-HostName b", false)]
    [InlineData("-State Failed", true)]
    [InlineData("-State Completed", false)]
    [InlineData("-After (Get-Date).AddMinutes(-5)", true)]
    [InlineData("-After (Get-Date).AddMinutes(5)", false)]
    [InlineData("-HostName a -State Failed, Completed -After (Get-Date).AddDays(-1)", true)]
    public void Evacuations_are_found_by_host_end_and_time(string filter, bool found) =>
        Assert.Equal(found ? ["True"] : [], Names($"{Failed} Get-HostEvacuation {filter} | Where-Object Id -EQ $failed.Id | ForEach-Object {{ $_.Id -eq $failed.Id }}"));

    /// <summary>What empties whole hosts takes no VM for its host, whatever way the VM has come.</summary>
    [Theory]
    [InlineData("[pscustomobject]@{ Name = 'web1'; HostName = 'a' }")]
    [InlineData("[pscustomobject]@{ VMName = 'web1'; Host = 'a'; Destination = 'b' }")]
    [InlineData("'Uuid,Source', '6695eb01-f6a4-8304-79aa-97f2502e1301,a' | ConvertFrom-Csv")]
    [InlineData("Get-LibvirtDomain web1 | Select-Object Name, HostName")]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-LibvirtDomain web1)))")]
    [InlineData("Get-LibvirtDomain web1")]
    public void A_VM_that_is_piped_in_does_not_empty_its_host(string vm)
    {
        foreach (var script in (string[])[$"{vm} | Start-HostEvacuation -Destination b -SkipReadiness LM* -WhatIf", $"{vm} | New-EvacuationPlan -Destination b -SkipReadiness LM*"])
            Assert.StartsWith("InvalidHost,", Error(script).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$plan | Start-HostEvacuation -WhatIf")]
    [InlineData("$plan | ForEach-Object { $_ } | Start-HostEvacuation -WhatIf")]
    [InlineData("Start-HostEvacuation -Plan $plan -WhatIf")]
    [InlineData("Get-Item $file | Start-HostEvacuation -WhatIf")]
    [InlineData("$file | Start-HostEvacuation -Plan { $_ } -WhatIf")]
    public void A_plan_that_is_piped_in_is_started_as_it_is(string start)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.yaml");
        try
        {
            var outcome = Shell.Run($"$file = '{file}'; $plan = New-EvacuationPlan a -Destination b -SkipReadiness LM* -OutFile $file; {start}");

            Assert.True(outcome.Errors.Length == 0, string.Join('\n', outcome.Errors.Select(error => error.ToString())));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_row_of_hosts_alone_names_the_hosts_to_empty() =>
        Assert.Empty(Shell.Run("'HostName,Destination', 'a,b' | ConvertFrom-Csv | Start-HostEvacuation -SkipReadiness LM* -WhatIf").Errors);

    [Fact]
    public void A_host_that_is_taken_for_an_evacuation_is_noticed() =>
        Assert.Contains("Get-HostEvacuation -HostName a", Error("Get-HostEvacuation a").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Where_nothing_moved_there_is_nothing_to_bring_home()
    {
        var outcome = Shell.Run($"{Failed} $failed | Restore-VMPlacement");

        Assert.Empty(outcome.Output);
        Assert.Contains(outcome.Warnings, warning => warning.StartsWith("There is nothing to move back", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_none_runs_there_is_none_to_stop() =>
        Assert.Equal("No matching evacuation was found.", Error("Stop-HostEvacuation").ToString());

    [Fact]
    public void An_evacuation_that_has_ended_is_not_stopped()
    {
        var outcome = Shell.Run($"{Failed} Get-HostEvacuation $failed.Id | Stop-HostEvacuation");

        Assert.Empty(outcome.Errors);
        Assert.Contains(outcome.Warnings, warning => warning.Contains("has ended (Failed)", StringComparison.Ordinal));
    }

    [Fact]
    public void Evacuations_go_into_Get_HostEvacuation_by_their_id() =>
        Assert.Equal(["True"], Names($"{Failed} $failed | Get-HostEvacuation | ForEach-Object {{ $_.Id -eq $failed.Id }}; "));

    [Theory]
    [InlineData("Resume-HostEvacuation")]
    [InlineData("Restore-VMPlacement")]
    public void An_evacuation_does_not_go_on_with_another_host_of_the_same_name(string cmdlet)
    {
        var error = Error($"{Failed} Copy-Item {TestHosts.UriA["test://".Length..]} $folder/other.xml; Disconnect-LibvirtHost a; $null = Connect-LibvirtHost \"test://$folder/other.xml\" -Name a; $failed | {cmdlet} -WarningAction SilentlyContinue");

        Assert.StartsWith("HostNotTheSame,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("other.xml", error.ToString(), StringComparison.Ordinal);
    }
}
