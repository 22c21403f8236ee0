namespace LiveMigration.Module.Tests;

/// <summary>Remove-HostEvacuation, with evacuations of hosts of the test driver, which all failed and left every VM where it was.</summary>
public sealed class EvacuationRemovalTests : HostedTests
{
    private const string Failed = "$failed = Start-HostEvacuation a -Destination b -SkipReadiness LM* -Attempts 1 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Select-Object -Last 1;";

    [Theory]
    [InlineData("$failed | Remove-HostEvacuation -Force -Confirm:$false")]
    [InlineData("Remove-HostEvacuation $failed.Id -Force -Confirm:$false")]
    [InlineData("Get-HostEvacuation $failed.Id | Select-Object Id | Remove-HostEvacuation -Force -Confirm:$false")]
    [InlineData("Get-HostEvacuation $failed.Id | ConvertTo-Csv | ConvertFrom-Csv | Remove-HostEvacuation -Force -Confirm:$false")]
    [InlineData("Remove-HostEvacuation \"$($failed.Id.Substring(0, 20))*\" -Force -Confirm:$false")]
    public void One_that_has_ended_is_removed(string remove)
    {
        var outcome = Shell.Run($"{Failed} {remove}; $failed.Id -in (Get-HostEvacuation).Id; Test-Path $failed.Journal");
        Assert.Empty(outcome.Errors);
        Assert.Equal(["False", "False"], outcome.Output.Select(line => line.ToString()));
    }

    [Fact]
    public void One_that_left_VMs_where_they_were_is_needed()
    {
        var outcome = Shell.Run($"{Failed} Remove-HostEvacuation $failed.Id -Confirm:$false; Test-Path $failed.Journal");
        var error = Assert.Single(outcome.Errors);
        Assert.StartsWith("EvacuationNeeded,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Resume-HostEvacuation can try again", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("True", Assert.Single(outcome.Output).ToString());
    }

    [Fact]
    public void One_that_is_interrupted_is_removed_by_force_only()
    {
        // Its process has died before its last line was on the disk.
        var outcome = Shell.Run($"{Failed} $lines = [IO.File]::ReadAllLines($failed.Journal); [IO.File]::WriteAllLines($failed.Journal, $lines[0..($lines.Count - 2)]); Remove-HostEvacuation $failed.Id -Confirm:$false; (Get-HostEvacuation $failed.Id).State; Remove-HostEvacuation $failed.Id -Force -Confirm:$false; Test-Path $failed.Journal");
        Assert.StartsWith("EvacuationNeeded,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["Interrupted", "False"], outcome.Output.Select(line => line.ToString()));
    }

    [Fact]
    public void One_that_cannot_be_read_is_removed_by_force_only()
    {
        var outcome = Shell.Run($"{Failed} [IO.File]::WriteAllText($failed.Journal, 'what'); Remove-HostEvacuation $failed.Id -Confirm:$false; Remove-HostEvacuation $failed.Id -Force -Confirm:$false; Test-Path $failed.Journal");
        Assert.StartsWith("EvacuationNeeded,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("False", Assert.Single(outcome.Output).ToString());
    }

    [Fact]
    public void One_that_is_not_there_and_a_host_are_told_apart()
    {
        Assert.StartsWith("EvacuationNotFound,", Error("Remove-HostEvacuation 20010101-000000-0000").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("InvalidArgument,", Error("Get-LibvirtHost a | Remove-HostEvacuation").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Shell.Run("Remove-HostEvacuation 2001*").Errors);
    }
}
