namespace LiveMigration.Module.Tests;

/// <summary>Rows of a file: what stands in a row holds for that row, and an empty cell is never "all".</summary>
public sealed class RowTests : HostedTests
{
    public static TheoryData<string> Evacuations => ["Start-HostEvacuation -SkipReadiness LM* -WhatIf", "New-EvacuationPlan -SkipReadiness LM*"];

    [Theory]
    [MemberData(nameof(Evacuations))]
    public void Destinations_of_different_hosts_are_not_mixed(string evacuate)
    {
        foreach (var rows in (string[])["'a,b', 'b,a'", "'a,b', 'b,'"])
        {
            var error = Shell.Run($"'HostName,Destination', {rows} | ConvertFrom-Csv | {evacuate}").Errors[0];

            Assert.Matches("^(ContradictingOptions|MissingArgument),", error.FullyQualifiedErrorId);
            Assert.Matches("b for a, and a for b|The Destination of b is empty", error.ToString());
        }
    }

    /// <summary>The host of the rows is the one that is meant, and not the name that is typed beside them.</summary>
    [Theory]
    [InlineData("'HostName,Destination', 'a,b' | ConvertFrom-Csv | Start-HostEvacuation b -SkipReadiness LM* -WhatIf")]
    [InlineData("'HostName,Destination', 'a,b' | ConvertFrom-Csv | New-EvacuationPlan b -SkipReadiness LM*")]
    [InlineData("Get-LibvirtDomain web1 | Stop-VMLiveMigration web2 -WhatIf")]
    [InlineData("Get-LibvirtDomain web1 | Wait-VMLiveMigration web2")]
    [InlineData("Get-LibvirtDomain web1 | Get-LibvirtDomainDisk -Name web2")]
    public void What_is_typed_and_piped_in_is_refused(string script) =>
        Assert.StartsWith("ContradictingOptions,", Shell.Run(script).Errors[0].FullyQualifiedErrorId, StringComparison.Ordinal);

    [Theory]
    [InlineData("'HostName,Destination', 'a,b'")]
    [InlineData("'HostName,Destination', 'a,b', 'A,b'")]
    [InlineData("'HostName', 'a'")]
    public void Rows_that_agree_are_one_plan(string rows) =>
        Assert.Equal(["a to b"], Names($"({rows} | ConvertFrom-Csv | New-EvacuationPlan -SkipReadiness LM*).Moves | ForEach-Object {{ \"$($_.Source) to $($_.Destination)\" }} | Select-Object -Unique"));

    [Fact]
    public void A_destination_that_is_typed_goes_before_those_of_the_rows() =>
        Assert.Equal(["b"], Names("('HostName,Destination', 'a,nosuch' | ConvertFrom-Csv | New-EvacuationPlan -Destination b -SkipReadiness LM*).Moves.Destination | Select-Object -Unique"));

    [Theory]
    [MemberData(nameof(Evacuations))]
    public void An_empty_destination_is_not_any_host(string evacuate)
    {
        foreach (var row in (string[])["'HostName,Destination', 'a,' | ConvertFrom-Csv", "[pscustomobject]@{ HostName = 'a'; Destination = $null }"])
        {
            var error = Assert.Single(Shell.Run($"{row} | {evacuate}").Errors);

            Assert.StartsWith("MissingArgument,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("Destination of a is empty", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("'Name,HostName', ',a' | ConvertFrom-Csv | Get-LibvirtDomain", "-Name")]
    [InlineData("'VMName,HostName', ',a' | ConvertFrom-Csv | Get-VMLiveMigration", "-Name")]
    [InlineData("'Name,HostName', ',a' | ConvertFrom-Csv | Get-LibvirtDomainDisk", "VM")]
    [InlineData("'Name,HostName', ',a' | ConvertFrom-Csv | Set-MigrationDowntime -MaxDowntime 5ms -WhatIf", "VM")]
    [InlineData("'Name,HostName,Destination', ',a,b' | ConvertFrom-Csv | Start-VMLiveMigration -WhatIf", "VM")]
    [InlineData("'Name,HostName,Destination', ',a,b' | ConvertFrom-Csv | Test-MigrationReadiness", "VM")]
    [InlineData("'Name,HostName', ',a' | ConvertFrom-Csv | Stop-VMLiveMigration -WhatIf", "-Name")]
    [InlineData("[pscustomobject]@{ HostName = '' } | Get-LibvirtDomain", "-HostName")]
    [InlineData("[pscustomobject]@{ HostName = '' } | Get-LibvirtHost", "-HostName")]
    [InlineData("[pscustomobject]@{ HostName = '' } | Get-VMLiveMigration", "-HostName")]
    [InlineData("[pscustomobject]@{ HostName = '' } | Start-HostEvacuation -WhatIf", "-HostName")]
    [InlineData("'HostName,Destination', ',b' | ConvertFrom-Csv | Start-HostEvacuation -WhatIf", "-HostName")]
    [InlineData("[pscustomobject]@{ HostName = '' } | Get-HostEvacuation", "-HostName")]
    [InlineData("[pscustomobject]@{ Id = '' } | Get-HostEvacuation", "-Id")]
    [InlineData("[pscustomobject]@{ Id = '' } | Resume-HostEvacuation", "-Id")]
    [InlineData("'DomainName,Target', 'web1,' | ConvertFrom-Csv | Get-LibvirtDomainDisk", "-Target")]
    [InlineData("[pscustomobject]@{ DomainName = 'web1'; Target = '' } | Get-LibvirtDomainDisk", "-Target")]
    [InlineData("[pscustomobject]@{ Name = $null; HostName = 'a' } | Get-LibvirtDomain", "-Name")]
    [InlineData("Get-LibvirtDomain ''", "-Name")]
    [InlineData("Get-LibvirtHost ''", "-HostName")]
    [InlineData("Get-HostEvacuation ''", "-Id")]
    public void An_empty_cell_is_refused_by_its_parameter(string script, string parameter)
    {
        var outcome = Shell.Run(script);

        Assert.Empty(outcome.Output);
        var error = outcome.Errors[0];
        Assert.StartsWith(parameter == "VM" ? "NoDomain," : "MissingArgument,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Matches(parameter == "VM" ? "No VM was specified" : $"{parameter}.* is (empty|null)", error.ToString());
        // What changes something adds only that the pipeline brought nothing else.
        Assert.All(outcome.Errors.Skip(1), other => Assert.StartsWith("EmptyPipeline,", other.FullyQualifiedErrorId, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Start-VMLiveMigration web1 nosuch* -SkipReadiness LM* -WhatIf")]
    [InlineData("Test-MigrationReadiness web1 nosuch* -Check LM001")]
    [InlineData("Test-MigrationReadiness web1 nosuch*, alsonot* -Check LM001")]
    [InlineData("Start-HostEvacuation a nosuch* -SkipReadiness LM* -WhatIf")]
    [InlineData("New-EvacuationPlan a nosuch* -SkipReadiness LM*")]
    [InlineData("New-EvacuationPlan nosuch* b -SkipReadiness LM*")]
    [InlineData("Start-VMLiveMigration web1 b -HostName nosuch* -WhatIf")]
    [InlineData("Set-MigrationDowntime web1 5ms -HostName nosuch* -WhatIf")]
    [InlineData("New-MigrationSharedStorage p nosuch* -Path /srv/p -Mounted -WhatIf")]
    public void A_pattern_that_matches_no_host_is_an_error(string script)
    {
        var outcome = Shell.Run(script);

        Assert.Empty(outcome.Output);
        Assert.Contains(outcome.Errors, error => error.ToString().Contains("nosuch*", StringComparison.Ordinal));
        Assert.DoesNotContain("UnexpectedError", string.Join(' ', outcome.Errors.Select(error => error.FullyQualifiedErrorId)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_some_hosts_match_is_those_hosts() =>
        Assert.Equal(["b"], Names("(New-EvacuationPlan a b*, b -SkipReadiness LM*).Moves.Destination | Select-Object -Unique"));

    [Theory]
    [InlineData("Get-LibvirtHost nosuch*")]
    [InlineData("Get-LibvirtDomain -HostName nosuch*")]
    [InlineData("Get-VMLiveMigration -HostName nosuch*")]
    public void A_list_of_what_matches_may_be_empty(string script) => Assert.Empty(Shell.Run(script).Clean);
}
