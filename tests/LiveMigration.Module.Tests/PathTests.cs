namespace LiveMigration.Module.Tests;

/// <summary>Files that are read: by their name, by a pattern, or piped in.</summary>
public sealed class PathTests : HostedTests
{
    private const string Plan = "$null = New-EvacuationPlan a -Destination b -SkipReadiness LM* -OutFile plan.yaml;";

    [Theory]
    [InlineData("Start-HostEvacuation -Plan plan.yaml -WhatIf")]
    [InlineData("Start-HostEvacuation -Plan pl*.yaml -WhatIf")]
    [InlineData("Get-Item plan.yaml | Start-HostEvacuation -WhatIf")]
    [InlineData("Get-Item plan.yaml | Select-Object PSPath | Start-HostEvacuation -WhatIf")]
    [InlineData("Move-Item plan.yaml 'plan1.yaml'; Rename-Item plan1.yaml 'plan[1].yaml'; Start-HostEvacuation -Plan 'plan[1].yaml' -WhatIf")]
    public void A_plan_is_found_by_its_name_by_a_pattern_or_piped_in(string script) =>
        Assert.Contains("3 VMs", WhatIf($"{Plan} {script}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Start-HostEvacuation -Plan *.yaml -WhatIf", "plan.yaml")]
    [InlineData("Start-HostEvacuation -Plan nosuch*.yaml -WhatIf", "matches none")]
    [InlineData("Start-HostEvacuation a b -Fleet *.yaml -WhatIf", "plan.yaml")]
    [InlineData("Start-VMLiveMigration web1 b -Policy *.yaml -WhatIf", "plan.yaml")]
    [InlineData("Test-MigrationReadiness web1 b -Policy nosuch*.yaml", "matches none")]
    [InlineData("Start-HostEvacuation -Plan Env:/plan -WhatIf", "provider Environment")]
    [InlineData("Connect-LibvirtHost qemu+ssh://x.invalid/system -KeyFile nosuch*", "matches none")]
    public void One_file_is_read(string script, string said)
    {
        var error = Error($"{Plan} Copy-Item plan.yaml other.yaml; {script}");

        Assert.Matches("^(InvalidArgument|DefinitionNotReadable),", error.FullyQualifiedErrorId);
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Start-HostEvacuation -Plan '' -WhatIf", "-Plan is empty")]
    [InlineData("Start-HostEvacuation a b -Fleet '' -WhatIf", "-Fleet is empty")]
    [InlineData("Start-VMLiveMigration web1 b -Policy '' -WhatIf", "-Policy is empty")]
    [InlineData("Test-MigrationReadiness web1 b -Policy ' '", "-Policy is empty")]
    public void A_path_that_is_empty_is_refused_by_its_parameter(string script, string said) =>
        Assert.Contains(said, Error(script).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_policy_may_be_a_file_object() =>
        Assert.Contains("'web1'", WhatIf("Set-Content p.yaml \"name: gentle`ntimeout:`n  perGiB: 800s`n  action: abort\"; Start-VMLiveMigration web1 b -Policy (Get-Item p.yaml) -SkipReadiness LM* -WhatIf"), StringComparison.Ordinal);
}
