namespace LiveMigration.Module.Tests;

/// <summary>A host that is piped in is a host, whatever the cmdlet is about; never the name of a VM or the id of an evacuation.</summary>
public sealed class PipedHostTests : HostedTests
{
    private const string Failed = "$failed = Start-HostEvacuation a -Destination b -SkipReadiness LM* -Attempts 1 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Select-Object -Last 1;";

    public static TheoryData<string> Hosts =>
    [
        "Get-LibvirtHost a",
        "Get-LibvirtHost a | Select-Object *",
        "Get-LibvirtHost a | ConvertTo-Csv | ConvertFrom-Csv",
        "[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-LibvirtHost a)))",
        "(Get-LibvirtDomain web1).Host",
    ];

    [Theory]
    [MemberData(nameof(Hosts))]
    public void A_host_brings_its_evacuations(string host)
    {
        Assert.Equal(["True"], Names($"{Failed} {host} | Get-HostEvacuation -After (Get-Date).AddMinutes(-1) | Where-Object Id -EQ $failed.Id | ForEach-Object {{ $_.Id -eq $failed.Id }}"));
        Assert.Empty(Names($"{host.Replace("Host a", "Host b", StringComparison.Ordinal).Replace("web1", "spare", StringComparison.Ordinal)} | Get-HostEvacuation"));
    }

    [Theory]
    [InlineData("Stop-HostEvacuation")]
    [InlineData("Resume-HostEvacuation")]
    [InlineData("Restore-VMPlacement")]
    public void A_host_is_no_evacuation_to_do_something_with(string cmdlet)
    {
        foreach (var host in (string[])["Get-LibvirtHost a", "Get-LibvirtHost a | Select-Object *"])
        {
            var error = Error($"{host} | {cmdlet} -WhatIf");

            Assert.StartsWith("InvalidArgument,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("Get-HostEvacuation -HostName a", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void A_host_brings_its_migrations(string host) => Assert.Empty(Shell.Run($"{host} | Get-VMLiveMigration").Clean);

    [Theory]
    [InlineData("Stop-VMLiveMigration")]
    [InlineData("Switch-VMLiveMigration")]
    [InlineData("Wait-VMLiveMigration")]
    public void A_host_is_no_migration_to_do_something_with(string cmdlet)
    {
        foreach (var host in (string[])["Get-LibvirtHost a", "Get-LibvirtHost a | Select-Object *"])
        {
            var error = Error($"{host} | {cmdlet}");

            Assert.StartsWith("InvalidArgument,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("Get-VMLiveMigration -HostName a", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Get-MigrationDowntime")]
    [InlineData("Get-LibvirtDomainDisk")]
    [InlineData("Set-MigrationDowntime -MaxDowntime 5ms -WhatIf")]
    [InlineData("Start-VMLiveMigration b -WhatIf")]
    public void A_host_is_no_VM(string cmdlet)
    {
        foreach (var host in (string[])["Get-LibvirtHost a", "Get-LibvirtHost a | Select-Object *"])
            Assert.Contains("'a' is a host, not a VM", Error($"{host} | {cmdlet}").ToString(), StringComparison.Ordinal);
    }
}
