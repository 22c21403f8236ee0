namespace LiveMigration.Module.Tests;

/// <summary>What comes out of one cmdlet, a file or a job goes into the next by its properties.</summary>
public sealed class PropertyBindingTests : HostedTests
{
    private const string Wanted = "web1 on a";
    private const string Show = "ForEach-Object { \"$($_.Name) on $($_.HostName)\" }";

    private static readonly string[] Known = ["VMName", "Uuid"];
    private static readonly string[] Common = ["Name", "HostName", "Destination", "Id", "Target"];

    [Fact]
    public void Names_of_VMs_hosts_disks_and_evacuations_bind_by_property_name() => Assert.All(
        Cmdlets.All.SelectMany(cmdlet => cmdlet.Parameters.Where(parameter => Common.Contains(parameter.Name)), (cmdlet, parameter) => (cmdlet.Name, parameter)),
        // A QEMU that is piped in has a host, which is not the one where its twin is to start; rows of VMs may have ids of something else.
        bound => Assert.True(bound.parameter.ByPropertyName || bound is { Name: "Start-QemuDestination" or "Get-VMMigrationHistory" or "Measure-MigrationForecast", parameter.Name: "HostName" } or { Name: "Resume-VMLiveMigration", parameter.Name: "Id" }, $"{bound.Name} -{bound.parameter.Name}"));

    [Fact]
    public void VMs_and_hosts_are_known_by_the_names_of_other_objects_properties() => Assert.All(
        Cmdlets.All.SelectMany(cmdlet => cmdlet.Parameters).Where(parameter => parameter.Type.Name == "DomainReference[]" && parameter.Name == "Name"),
        parameter => Assert.All(Known, name => Assert.Contains(name, parameter.Aliases)));

    [Theory]
    [InlineData("[pscustomobject]@{ Name = 'web1' }")]
    [InlineData("[pscustomobject]@{ VMName = 'web1'; Host = 'a' }")]
    [InlineData("[pscustomobject]@{ Name = 'web1'; HostName = 'a' }")]
    [InlineData("[pscustomobject]@{ Name = 'web1'; Source = 'a' }")]
    [InlineData("[pscustomobject]@{ Uuid = '6695eb01-f6a4-8304-79aa-97f2502e1301' }")]
    [InlineData("[pscustomobject]@{ Name = 'was'; Uuid = [guid]'6695eb01-f6a4-8304-79aa-97f2502e1301'; HostName = 'a' }")]
    [InlineData("'Name,HostName', 'web1,a' | ConvertFrom-Csv")]
    [InlineData("'VMName,Host', 'web1,' | ConvertFrom-Csv")]
    [InlineData("'[{\"Name\":\"web1\",\"HostName\":\"a\"}]' | ConvertFrom-Json")]
    [InlineData("Get-LibvirtDomain web1")]
    [InlineData("Get-LibvirtDomain web1 | Select-Object Name, HostName")]
    [InlineData("Get-LibvirtDomain web1 | Select-Object *")]
    [InlineData("Get-LibvirtDomain web1 | ConvertTo-Json -WarningAction Ignore | ConvertFrom-Json")]
    [InlineData("Get-LibvirtDomain web1 | ConvertTo-Csv | ConvertFrom-Csv")]
    [InlineData("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-LibvirtDomain web1)))")]
    [InlineData("[pscustomobject]@{ Name = 'web1'; Source = 'b'; Destination = 'a'; Verdict = 'Moved' }")]
    [InlineData("Test-MigrationReadiness web1 b -Check LM001")]
    [InlineData("Test-MigrationReadiness web1 b -Check LM001 | Select-Object Name, Source, Destination")]
    [InlineData("(New-EvacuationPlan a -Destination b -SkipReadiness LM*).Moves | Where-Object { $_.Domain.Name -eq 'web1' }")]
    [InlineData("'web1'")]
    public void Every_object_that_names_a_VM_goes_into_Get_LibvirtDomain_and_Start_VMLiveMigration(string source)
    {
        Assert.Equal([Wanted], Names($"{source} | Get-LibvirtDomain | {Show}"));
        var said = WhatIf($"{source} | Start-VMLiveMigration -Destination b -SkipReadiness LM* -WhatIf");
        Assert.Contains("'web1'", said, StringComparison.Ordinal);
        Assert.DoesNotContain("'web2'", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-LibvirtHost a")]
    [InlineData("Get-LibvirtHost a | Select-Object *")]
    [InlineData("Get-LibvirtHost a | ConvertTo-Csv | ConvertFrom-Csv")]
    [InlineData("Get-LibvirtHost a | ConvertTo-Json -Depth 3 | ConvertFrom-Json")]
    [InlineData("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-LibvirtHost a)))")]
    [InlineData("(Get-LibvirtDomain web1).Host")]
    [InlineData("[pscustomobject]@{ HostName = 'a' }")]
    public void A_host_that_is_piped_in_brings_its_VMs(string source)
    {
        Assert.Equal(["db1 on a", "web1 on a", "web2 on a"], Names($"{source} | Get-LibvirtDomain | {Show}"));
        Assert.Equal([Wanted], Names($"{source} | Get-LibvirtDomain web1 | {Show}"));
    }

    [Fact]
    public void A_text_that_is_piped_into_Get_LibvirtDomain_is_the_name_of_a_VM()
    {
        Assert.Equal(["web1 on a", "web2 on a"], Names($"'web1', 'web2' | Get-LibvirtDomain | {Show}"));
        Assert.StartsWith("DomainNotFound,", Error("'nosuch' | Get-LibvirtDomain").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_on_several_piped_hosts_is_missing_only_where_none_has_it() =>
        Assert.Equal([Wanted], Names($"Get-LibvirtHost | Get-LibvirtDomain web1 | {Show}"));

    [Theory]
    [InlineData("Get-LibvirtDomain web1 | Start-VMLiveMigration b -SkipReadiness LM* -WhatIf")]
    [InlineData("'web1' | Start-VMLiveMigration b -SkipReadiness LM* -WhatIf")]
    [InlineData("'Name,Destination', 'web1,b' | ConvertFrom-Csv | Start-VMLiveMigration -SkipReadiness LM* -WhatIf")]
    [InlineData("'Name,Destination', 'web1,nosuch' | ConvertFrom-Csv | Start-VMLiveMigration b -SkipReadiness LM* -WhatIf")]
    [InlineData("'Name,Destination', 'web1,nosuch' | ConvertFrom-Csv | Start-VMLiveMigration -Destination b -SkipReadiness LM* -WhatIf")]
    [InlineData("Get-LibvirtDomain web1 | Start-VMLiveMigration (Get-LibvirtHost b) -SkipReadiness LM* -WhatIf")]
    [InlineData("Start-VMLiveMigration web1 b -SkipReadiness LM* -WhatIf")]
    [InlineData("Start-VMLiveMigration web1 b a -SkipReadiness LM* -WhatIf")]
    [InlineData("Start-VMLiveMigration web1 -Destination b -SkipReadiness LM* -WhatIf")]
    [InlineData("Test-MigrationReadiness web1 b -Check LM001 | Start-VMLiveMigration -SkipReadiness LM* -WhatIf")]
    [InlineData("Test-MigrationReadiness * b -Check LM001 | Where-Object { $_.IsReady -and $_.Name -eq 'web1' } | Start-VMLiveMigration -SkipReadiness LM* -WhatIf")]
    public void A_migration_reads_aloud(string script)
    {
        var said = WhatIf(script);

        Assert.Contains("'web1'", said, StringComparison.Ordinal);
        Assert.Contains("from a to b", said, StringComparison.Ordinal);
        Assert.DoesNotContain("web2", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Error", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-LibvirtDomain web1 | Test-MigrationReadiness b -Check LM001")]
    [InlineData("'web1' | Test-MigrationReadiness -Destination b -Check LM001")]
    [InlineData("Test-MigrationReadiness web1 b -Check LM001 | Test-MigrationReadiness -Check LM001")]
    [InlineData("Test-MigrationReadiness web1 b -Check LM001")]
    public void A_test_reads_aloud(string script) => Assert.Equal(["web1: a to b"], Names($"{script} | ForEach-Object {{ \"$($_.Name): $($_.Source) to $($_.Destination)\" }}"));

    [Theory]
    [InlineData("Get-LibvirtDomain web1 | Start-VMLiveMigration -WhatIf", "NoDestination")]
    [InlineData("Get-LibvirtDomain web1 | Start-VMLiveMigration web2 b -WhatIf", "ContradictingOptions")]
    [InlineData("Get-LibvirtDomain web1 | Start-VMLiveMigration a, b -WhatIf", "ContradictingOptions")]
    [InlineData("Get-LibvirtDomain web1 | Start-HostEvacuation -Destination b -WhatIf", "InvalidHost")]
    [InlineData("Get-LibvirtDomain web1 | New-EvacuationPlan -Destination b", "InvalidHost")]
    [InlineData("Start-VMLiveMigration (Get-LibvirtHost a) b -WhatIf", "InvalidArgument")]
    [InlineData("Start-VMLiveMigration web1 -WhatIf", "NoDestination")]
    [InlineData("Start-VMLiveMigration -Destination b -WhatIf", "NoDomain")]
    public void What_could_be_meant_in_two_ways_is_refused(string script, string id) =>
        Assert.StartsWith(id + ",", Error(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void B040_rows_of_a_file_go_each_to_its_own_destination()
    {
        var said = WhatIf("'Name,HostName,Destination', 'web1,a,b', 'spare,b,a' | ConvertFrom-Csv | Start-VMLiveMigration -SkipReadiness LM* -WhatIf");

        Assert.Contains("'web1' from a to b", said, StringComparison.Ordinal);
        Assert.Contains("'spare' from b to a", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_VMs_is_that_file_of_VMs() =>
        Assert.Equal(["web1", "web2"], Names("'Name,HostName', 'web1,a', 'web2,a' | ConvertFrom-Csv | Get-LibvirtDomain"));

    [Fact]
    public void A_disk_finds_its_VM_and_itself_again()
    {
        Assert.StartsWith("DomainNotFound,", Error("[pscustomobject]@{ DomainName = 'nosuch'; HostName = 'a'; Target = 'vda' } | Get-LibvirtDomainDisk").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Names("[pscustomobject]@{ DomainName = 'web1'; HostName = 'a'; Target = 'vda' } | Get-LibvirtDomainDisk"));
    }

    [Fact]
    public void A_row_of_hosts_connects_them_under_their_names()
    {
        _ = Shell.Run("Disconnect-LibvirtHost a, b").Clean;

        Assert.Equal(["one", "two"], Names($"'Uri,Name', '{TestHosts.UriA},one', '{TestHosts.UriB},two' | ConvertFrom-Csv | Connect-LibvirtHost | ForEach-Object Name"));
    }
}
