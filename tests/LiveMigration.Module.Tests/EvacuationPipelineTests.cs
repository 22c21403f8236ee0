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
    public void An_evacuation_that_has_ended_is_not_stopped()
    {
        var outcome = Shell.Run($"{Failed} Get-HostEvacuation $failed.Id | Stop-HostEvacuation");

        Assert.Empty(outcome.Errors);
        Assert.Contains(outcome.Warnings, warning => warning.Contains("has ended (Failed)", StringComparison.Ordinal));
    }

    [Fact]
    public void Evacuations_go_into_Get_HostEvacuation_by_their_id() =>
        Assert.Equal(["True"], Names($"{Failed} $failed | Get-HostEvacuation | ForEach-Object {{ $_.Id -eq $failed.Id }}; "));
}
