namespace LiveMigration.Module.Tests;

/// <summary>What Tab offers after a pipe: what is typed first there is what comes after the VM, and the hosts of what is piped in are known.</summary>
public sealed class CompletionTests : HostedTests
{
    [Theory]
    [InlineData("Get-LibvirtDomain ", "db1 spare web1 web2")]
    [InlineData("Get-LibvirtDomain w", "web1 web2")]
    [InlineData("Get-LibvirtDomain -HostName b -Name ", "spare")]
    [InlineData("Get-LibvirtHost b | Get-LibvirtDomain ", "spare")]
    [InlineData("Get-LibvirtHost b | Get-LibvirtDomain sp", "spare")]
    [InlineData("Get-LibvirtHost b | Get-LibvirtDomain -HostName ", "a b")]
    [InlineData("Get-LibvirtHost a, b | Get-LibvirtDomain ", "db1 spare web1 web2")]
    [InlineData("Get-LibvirtHost B* | Where-Object Cpus -gt 1 | Get-LibvirtDomain ", "spare")]
    [InlineData("Get-LibvirtHost $x | Get-LibvirtDomain ", "db1 spare web1 web2")]
    [InlineData("$x | Get-LibvirtDomain ", "db1 spare web1 web2")]
    [InlineData("Get-LibvirtDomain -Host a | Start-VMLiveMigration -Destination ", "b")]
    [InlineData("Get-LibvirtDomain -Host a | Start-VMLiveMigration ", "b")]
    [InlineData("Get-LibvirtHost a | Get-LibvirtDomain | Sort-Object Memory | Start-VMLiveMigration ", "b")]
    [InlineData("Get-LibvirtDomain web1 | Start-VMLiveMigration ", "a b")]
    [InlineData("$vms | Test-MigrationReadiness ", "a b")]
    [InlineData("Start-VMLiveMigration web1 -HostName a -Destination ", "b")]
    [InlineData("Start-VMLiveMigration ", "db1 spare web1 web2")]
    [InlineData("Start-VMLiveMigration web1 ", "a b")]
    [InlineData("Get-LibvirtHost | Start-HostEvacuation -Destination ", "a b")]
    [InlineData("Get-LibvirtHost a | Start-HostEvacuation -Destination ", "b")]
    [InlineData("Get-LibvirtDomain web1 | Get-MigrationCapability xb", "xbzrle")]
    [InlineData("Get-LibvirtDomain test -HostName c | Get-LibvirtDomainDisk ", "vda vdb")]
    [InlineData("Get-LibvirtDomain test -HostName c | Start-VMLiveMigration b -Disk ", "vda vdb")]
    public void Tab_offers_what_fits(string line, string offered)
    {
        if (line.Contains("-HostName c", StringComparison.Ordinal))
            ConnectDisks();

        var found = Shell.Run("[Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null).CompletionMatches | ForEach-Object ListItemText", line).Clean;

        Assert.Equal(offered, string.Join(' ', found.Select(one => one.ToString()).Order(StringComparer.Ordinal)));
    }

    /// <summary>A host c whose VM has two disks.</summary>
    private void ConnectDisks()
    {
        var file = Path.Combine(Folder, "hostC.xml");
        File.WriteAllText(
            file,
            """
            <node><domain type="test"><name>test</name><memory>1024</memory><os><type>hvm</type></os><devices>
            <disk type="file"><source file="/images/a"/><target dev="vda"/></disk><disk type="file"><source file="/images/b"/><target dev="vdb"/></disk>
            </devices></domain></node>
            """);
        _ = Shell.Run($"Connect-LibvirtHost 'test://{file}' -Name c").Clean;
    }
}
