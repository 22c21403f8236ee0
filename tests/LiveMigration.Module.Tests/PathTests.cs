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
    [InlineData("Start-HostEvacuation -Plan *.yaml -WhatIf", "PlanNotReadable", "plan.yaml")]
    [InlineData("Start-HostEvacuation -Plan nosuch*.yaml -WhatIf", "PlanNotReadable", "'nosuch*.yaml' matches none")]
    [InlineData("Start-HostEvacuation -Plan nosuch.yaml -WhatIf", "PlanNotReadable", "nosuch.yaml")]
    [InlineData("New-EvacuationPlan a b -Fleet *.yaml", "FleetNotReadable", "plan.yaml")]
    [InlineData("Start-HostEvacuation a b -Fleet nosuch.yaml -WhatIf", "FleetNotReadable", "nosuch.yaml")]
    [InlineData("Start-VMLiveMigration web1 b -Policy *.yaml -WhatIf", "PolicyNotFound", "plan.yaml")]
    [InlineData("Start-VMLiveMigration web1 b -Policy ./nosuch.yaml -WhatIf", "PolicyNotFound", "nosuch.yaml does not exist")]
    [InlineData("Start-VMLiveMigration web1 b -DestinationXml nosuch*.xml -WhatIf", "DefinitionNotReadable", "'nosuch*.xml' matches none")]
    [InlineData("Test-MigrationReadiness web1 b -Policy nosuch*.yaml", "ReadinessPolicyNotFound", "matches none")]
    [InlineData("Test-MigrationReadiness web1 b -Policy nosuch.yaml", "ReadinessPolicyNotFound", "nosuch.yaml does not exist")]
    [InlineData("Start-HostEvacuation -Plan Env:/plan -WhatIf", "InvalidArgument", "provider Environment")]
    [InlineData("Connect-LibvirtHost qemu+ssh://x.invalid/system -KeyFile nosuch*", "KeyFileNotFound", "'nosuch*' matches none")]
    [InlineData("Connect-LibvirtHost qemu+ssh://x.invalid/system -KeyFile nosuch -WhatIf", "KeyFileNotFound", "nosuch does not exist")]
    [InlineData("Test-MigrationCertificate -HostName qemu+tls://x.invalid/system -AuthorityPath nosuch*", "CertificatesNotFound", "'nosuch*' matches none")]
    [InlineData("Test-MigrationCertificate nosuch*", "CertificatesNotFound", "'nosuch*' matches no folder")]
    [InlineData("Test-MigrationCertificate Env:/nosuch", "InvalidArgument", "provider Environment")]
    [InlineData("Install-MigrationCertificate nosuch* -WhatIf", "CertificatesNotFound", "'nosuch*' matches none")]
    [InlineData("New-MigrationCertificate kvm1 Env:/pki -WhatIf", "InvalidArgument", "provider Environment")]
    public void What_is_wrong_with_a_file_is_said_of_the_file(string script, string id, string said)
    {
        var error = Error($"{Plan} Copy-Item plan.yaml other.yaml; {script}");

        Assert.StartsWith(id + ',', error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Start-HostEvacuation -Plan '' -WhatIf", "-Plan is empty")]
    [InlineData("Start-HostEvacuation a b -Fleet '' -WhatIf", "-Fleet is empty")]
    [InlineData("Start-VMLiveMigration web1 b -Policy '' -WhatIf", "-Policy is empty")]
    [InlineData("Test-MigrationReadiness web1 b -Policy ' '", "-Policy is empty")]
    public void A_path_that_is_empty_is_refused_by_its_parameter(string script, string said) =>
        Assert.Contains(said, Error(script).ToString(), StringComparison.Ordinal);

    /// <summary>A file whose name would be a pattern is the one that is meant.</summary>
    [Theory]
    [InlineData("New-EvacuationPlan a b -SkipReadiness LM* -Fleet '[f]leet.yaml' | Out-Null")]
    [InlineData("Start-VMLiveMigration web1 b -SkipReadiness LM* -Policy '[g]entle.yaml' -WhatIf")]
    [InlineData("Test-MigrationReadiness web1 b -Policy '[r]eady.yaml' | Out-Null")]
    [InlineData("Connect-LibvirtHost qemu+ssh://x.invalid/system -KeyFile '[k]ey' -WhatIf")]
    [InlineData("New-EvacuationPlan a b -SkipReadiness LM* -OutFile '[p]lan.yaml' | Out-Null; Get-Item -LiteralPath '[p]lan.yaml' | Out-Null")]
    [InlineData("Test-MigrationCertificate '[c]erts' | Out-Null")]
    [InlineData("Install-MigrationCertificate '[c]erts' -WhatIf")]
    public void A_name_with_brackets_is_a_name(string script) => Assert.Empty(Shell.Run(
        $$"""
        [IO.File]::WriteAllText("$folder/[f]leet.yaml", "hosts:`n- host: b`n  maxIncoming: 3`n"); [IO.File]::WriteAllText("$folder/[g]entle.yaml", "name: gentle`ntimeout:`n  perGiB: 800s`n  action: abort")
        [IO.File]::WriteAllText("$folder/[r]eady.yaml", "thresholds:`n  cpuBusy: 90"); [IO.File]::WriteAllText("$folder/[k]ey", "key")
        $null = New-MigrationCertificate kvm1 ./pki -NoLookup -KeyAlgorithm Ecdsa; Rename-Item ./pki/kvm1 '[c]erts'; Move-Item -LiteralPath './pki/[c]erts' .
        {{script}}
        """).Errors);

    [Fact]
    public void A_policy_may_be_a_file_object() =>
        Assert.Contains("'web1'", WhatIf("Set-Content p.yaml \"name: gentle`ntimeout:`n  perGiB: 800s`n  action: abort\"; Start-VMLiveMigration web1 b -Policy (Get-Item p.yaml) -SkipReadiness LM* -WhatIf"), StringComparison.Ordinal);
}
