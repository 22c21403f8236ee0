using System.Management.Automation;

namespace LiveMigration.Module.Tests;

/// <summary>What an argument may be, and how it is refused.</summary>
public sealed class ArgumentTests : HostedTests
{
    /// <summary>What a parameter takes that has to be there while another one is looked at.</summary>
    internal static readonly Dictionary<string, string> Values = new()
    {
        ["Name"] = "web1", ["Capability"] = "xbzrle", ["Enabled"] = "on", ["MaxDowntime"] = "5ms", ["Bandwidth"] = "5MiB/s", ["Parameter"] = "max-bandwidth",
        ["Value"] = "1", ["HostName"] = "a", ["Path"] = "/nosuch", ["Pool"] = "p", ["NfsServer"] = "nas", ["NfsExport"] = "/e", ["Uri"] = "a", ["Address"] = "/nosuch.qmp", ["Command"] = "query-status", ["Event"] = "STOP", ["Like"] = "web1", ["Into"] = "web1", ["Destination"] = "b",
        ["Report"] = "(Test-MigrationReadiness web1 b -Check LM001)",
    };

    public static TheoryData<string> All => [.. Cmdlets.All.Select(cmdlet => cmdlet.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void Null_is_refused_by_the_name_of_the_parameter(string cmdlet)
    {
        var parameters = Cmdlets.Find(cmdlet).Parameters;
        // [Credential] asks a person when it is given null.
        Assert.All(parameters.Where(parameter => parameter.Type != typeof(SwitchParameter) && parameter.Name != "Credential").Select(parameter => parameter.Name), parameter =>
        {
            var others = string.Join(" ", parameters.Where(other => other.Mandatory && other.Name != parameter).Select(other => $"-{other.Name} {Values[other.Name]}"));
            var outcome = Shell.Run($"{cmdlet} -{parameter} $null {others}");

            Assert.Empty(outcome.Output);
            var error = Assert.Single(outcome.Errors);
            var said = error.Exception is ParameterBindingException { ParameterName: var name } ? $"-{name} is null" : error.ToString();
            Assert.Matches($"-{parameter} is (null|empty)", said);
        });
    }

    [Theory]
    [InlineData("Get-LibvirtDomain -HostName $unset", "-HostName is null")]
    [InlineData("Get-LibvirtDomain -HostName @()", "-HostName is empty")]
    [InlineData("Get-LibvirtDomain @()", "-Name is empty")]
    [InlineData("Get-LibvirtHost @($null)", "-HostName is a list with null in it")]
    public void A_reference_that_holds_nothing_does_not_mean_all(string script, string said)
    {
        var error = Error(script);

        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("MissingArgument,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_in_the_pipeline_is_refused_and_the_others_are_not()
    {
        var outcome = Shell.Run("$null, 'web1' | Get-LibvirtDomain");

        Assert.Equal("web1", Assert.Single(outcome.Output).ToString());
        Assert.Contains("is null", Assert.Single(outcome.Errors).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-NewName x", "-NewName")]
    [InlineData("-DestinationXml '<domain/>'", "-DestinationXml")]
    [InlineData("-DisksPort 49900", "-DisksPort")]
    [InlineData("-DiskMap @{ vda = '/srv/one.qcow2' }", "-DiskMap with a path")]
    public void What_can_only_hold_for_one_VM_is_refused_for_several_before_anything_moves(string option, string named)
    {
        var said = WhatIf($"Start-VMLiveMigration * b {option} -SkipReadiness LM* -WhatIf -ErrorVariable script:problem -ErrorAction SilentlyContinue");
        var error = Error($"Start-VMLiveMigration web* b {option} -SkipReadiness LM* -WhatIf");

        Assert.DoesNotContain("What if", said, StringComparison.Ordinal);
        Assert.StartsWith("ContradictingOptions,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(named, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            Shell.Run($"Start-VMLiveMigration web1 b {option.Replace("<domain/>", "<domain><name>web1</name></domain>", StringComparison.Ordinal)} -SkipReadiness LM* -WhatIf").Errors,
            other => other.FullyQualifiedErrorId.StartsWith("ContradictingOptions", StringComparison.Ordinal));
    }

    [Fact]
    public void One_port_for_disks_holds_for_VMs_that_go_one_after_another() =>
        Assert.DoesNotContain(
            Shell.Run("Start-VMLiveMigration web* b -DisksPort 49900 -ThrottleLimit 1 -SkipReadiness LM* -WhatIf").Errors,
            error => error.FullyQualifiedErrorId.StartsWith("ContradictingOptions", StringComparison.Ordinal));

    [Theory]
    [InlineData("nosuch.xml", "neither a definition in XML nor a file")]
    [InlineData("'<domain>'", "neither a definition in XML nor a file")]
    [InlineData("'<network/>'", "not <domain>")]
    public void A_definition_that_is_none_is_refused(string definition, string said)
    {
        var error = Error($"Start-VMLiveMigration web1 b -DestinationXml {definition} -SkipReadiness LM* -WhatIf");

        Assert.StartsWith("DefinitionNotReadable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_may_be_a_file() =>
        Assert.Contains("'web1'", WhatIf("Set-Content $folder/web1.xml '<domain type=\"test\"><name>web1</name></domain>'; Start-VMLiveMigration web1 b -DestinationXml web1.xml -SkipReadiness LM* -WhatIf"), StringComparison.Ordinal);

    [Theory]
    [InlineData("on", "on")]
    [InlineData("off", "off")]
    [InlineData("$true", "on")]
    [InlineData("$false", "off")]
    [InlineData("1", "on")]
    public void A_capability_is_set_on_or_off(string typed, string said) =>
        Assert.Contains($"xbzrle of 'web1' on a to {said}", WhatIf($"Set-MigrationCapability web1 xbzrle {typed} -WhatIf"), StringComparison.Ordinal);

    [Fact]
    public void A_capability_is_not_set_to_anything_else() =>
        Assert.Contains("neither on nor off", Error("Set-MigrationCapability web1 xbzrle maybe -WhatIf").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Any_number_of_VMs_may_be_asked_to_go_at_once() =>
        Assert.Contains("'web1'", WhatIf("Start-VMLiveMigration web1 b -ThrottleLimit 40 -SkipReadiness LM* -WhatIf"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Get-LibvirtDomain WEB*", new[] { "web1", "web2" })]
    [InlineData("Get-LibvirtDomain Web1", new[] { "web1" })]
    [InlineData("'SPARE' | Get-LibvirtDomain", new[] { "spare" })]
    [InlineData("(Test-MigrationReadiness DB1 b -Check LM001).Name", new[] { "db1" })]
    public void The_case_of_a_VMs_name_does_not_matter(string script, string[] names) => Assert.Equal(names, Names(script));

    [Fact]
    public void Of_two_VMs_whose_names_differ_in_case_alone_the_exact_one_is_meant()
    {
        File.WriteAllText(Path.Combine(Folder, "twins.xml"), File.ReadAllText(TestHosts.UriA["test://".Length..]).Replace("web2", "WEB1", StringComparison.Ordinal));
        _ = Shell.Run("$null = Connect-LibvirtHost \"test://$folder/twins.xml\" -Name twins").Clean;

        Assert.Equal(["WEB1"], Names("Get-LibvirtDomain WEB1 -HostName twins"));
        Assert.Equal(["web1"], Names("Get-LibvirtDomain web1 -HostName twins"));
        Assert.Equal(["WEB1", "web1"], Names("Get-LibvirtDomain wEB1 -HostName twins"));
        Assert.StartsWith("AmbiguousDomain,", Error("Start-VMLiveMigration wEB1 b -HostName twins -WhatIf").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Start-VMLiveMigration web1 a -WhatIf", "SameHost", "'web1' is already on a: ")]
    [InlineData("Test-MigrationReadiness web* a", "SameHost", "is already on a: ")]
    [InlineData("Start-VMLiveMigration nosuch a -WhatIf", "NoHost", "'nosuch' is not on a, which is the destination and the only connected host.")]
    public void A_VM_is_not_looked_for_in_vain_where_only_its_destination_is_connected(string script, string id, string said)
    {
        var error = Error($"Disconnect-LibvirtHost b; {script}");

        Assert.StartsWith(id + ',', error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_a_plan_is_no_host()
    {
        var error = Error("Set-Content plan.yaml x; Start-HostEvacuation plan.yaml -WhatIf");

        Assert.StartsWith("InvalidHost,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Start-HostEvacuation -Plan plan.yaml", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Test-MigrationCertificate $folder/pki/*")]
    [InlineData("Get-ChildItem $folder/pki -Directory | Test-MigrationCertificate")]
    [InlineData("Get-ChildItem $folder/pki -Directory | Select-Object PSPath | Test-MigrationCertificate")]
    [InlineData("Test-MigrationCertificate -LiteralPath $folder/pki/a, '${folder}/pki/[b]'")]
    public void Folders_with_certificates_are_found_by_patterns_and_piped_in(string script)
    {
        _ = Shell.Run("'a', 'b' | New-MigrationCertificate -Path $folder/pki -NoLookup -KeyAlgorithm Ecdsa; Move-Item $folder/pki/b $folder/pki/z; Rename-Item -LiteralPath $folder/pki/z '[b]'").Clean;

        var outcome = Shell.Run(script.Replace("${folder}", Folder, StringComparison.Ordinal));

        Assert.Empty(outcome.Errors);
        Assert.Equal(2, outcome.Output.Length);
    }

    [Theory]
    [InlineData("Install-MigrationCertificate $folder/p* -WhatIf")]
    [InlineData("Get-Item $folder/pki | Install-MigrationCertificate -WhatIf")]
    [InlineData("Install-MigrationCertificate -LiteralPath $folder/pki -WhatIf")]
    public void A_folder_to_install_is_found_by_a_pattern_or_piped_in(string script) =>
        Assert.Contains("pki'", WhatIf($"$null = New-Item -ItemType Directory $folder/pki; {script}"), StringComparison.Ordinal);
}
