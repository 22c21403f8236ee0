namespace LiveMigration.Module.Tests;

/// <summary>Where the pipeline brings the VMs, what is typed first is what comes after them: commands work as they read aloud.</summary>
public sealed class TypedArgumentTests : HostedTests
{
    [Theory]
    [InlineData("Set-MigrationBandwidth 5MiB/s", "migration bandwidth of 'web1' on a to 5 MiB/s")]
    [InlineData("Set-MigrationBandwidth -Bandwidth 5MiB/s", "migration bandwidth of 'web1' on a to 5 MiB/s")]
    [InlineData("Set-MigrationBandwidth 5", "migration bandwidth of 'web1' on a to 5 MiB/s")]
    [InlineData("Set-MigrationBandwidth 100MB", "migration bandwidth of 'web1' on a to 95.4 MiB/s")]
    [InlineData("Set-MigrationBandwidth 5MiB/s -PostCopy", "post-copy migration bandwidth of 'web1' on a to 5 MiB/s")]
    [InlineData("Set-MigrationDowntime 300ms", "migration downtime of 'web1' on a to 300 ms")]
    [InlineData("Set-MigrationDowntime 5s", "migration downtime of 'web1' on a to 5 s")]
    [InlineData("Set-MigrationDowntime ([timespan]::FromMilliseconds(300))", "migration downtime of 'web1' on a to 300 ms")]
    [InlineData("Set-MigrationCapability xbzrle on", "migration capability xbzrle of 'web1' on a to on")]
    [InlineData("Set-MigrationCapability xbzrle -Enabled on", "migration capability xbzrle of 'web1' on a to on")]
    [InlineData("Set-MigrationCapability -Capability xbzrle -Enabled on", "migration capability xbzrle of 'web1' on a to on")]
    [InlineData("Set-MigrationParameter announce-rounds 3", "migration parameter announce-rounds of 'web1' on a to 3")]
    [InlineData("Set-MigrationParameter xbzrle-cache-size 64MiB", "migration parameter xbzrle-cache-size of 'web1' on a to 64MiB")]
    [InlineData("Set-MigrationParameter xbzrle-cache-size 64MB", "migration parameter xbzrle-cache-size of 'web1' on a to 67108864")]
    [InlineData("Set-MigrationParameter -Parameter announce-max 5", "migration parameter announce-max of 'web1' on a to 5")]
    [InlineData("Set-MigrationCapability -Capability xbzrle on", "migration capability xbzrle of 'web1' on a to on")]
    [InlineData("Set-MigrationParameter announce-max 1s", "migration parameter announce-max of 'web1' on a to 1s")]
    public void A_setting_reads_aloud(string setting, string said)
    {
        foreach (var vm in (string[])["Get-LibvirtDomain web1", "'web1'", "[pscustomobject]@{ Name = 'web1'; HostName = 'a' }"])
            Assert.Contains($"What if: Set the {said}", WhatIf($"{vm} | {setting} -WhatIf"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_VM_that_is_piped_in_gets_what_is_typed()
    {
        var said = WhatIf("Get-LibvirtDomain web* | Set-MigrationParameter announce-rounds 3 -WhatIf");

        Assert.Contains("announce-rounds of 'web1' on a to 3", said, StringComparison.Ordinal);
        Assert.Contains("announce-rounds of 'web2' on a to 3", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Set-MigrationBandwidth web1 5MiB/s -WhatIf", "to 5 MiB/s")]
    [InlineData("Set-MigrationCapability web1 xbzrle on -WhatIf", "to on")]
    [InlineData("Set-MigrationParameter web1 announce-rounds 3 -WhatIf", "to 3")]
    [InlineData("'Name,HostName', 'web1,a' | ConvertFrom-Csv | Set-MigrationDowntime -MaxDowntime 300ms -WhatIf", "to 300 ms")]
    public void VMs_may_be_typed_as_before(string script, string said) => Assert.Contains($"of 'web1' on a {said}", WhatIf(script), StringComparison.Ordinal);

    [Theory]
    [InlineData("Get-LibvirtDomain spare | Get-LibvirtDomainDisk vda")]
    [InlineData("Get-LibvirtDomain spare | Get-LibvirtDomainDisk *a")]
    [InlineData("Get-LibvirtDomain spare | Get-LibvirtDomainDisk vda, vdz")]
    [InlineData("'DomainName,Target', 'spare,vdz' | ConvertFrom-Csv | Get-LibvirtDomainDisk vda")]
    [InlineData("'DomainName,Target', 'spare,vda' | ConvertFrom-Csv | Get-LibvirtDomainDisk")]
    [InlineData("Get-LibvirtDomainDisk spare vda")]
    public void A_disk_reads_aloud(string script)
    {
        WithDisks();

        Assert.Equal(["vda"], Names($"{script} | ForEach-Object Target"));
    }

    [Theory]
    [InlineData("Get-LibvirtDomain web1 | Measure-DirtyRate 5s")]
    [InlineData("Get-LibvirtDomain web1 | Measure-DirtyRate 1s, 5s")]
    [InlineData("Measure-DirtyRate web1 5s")]
    [InlineData("Get-LibvirtDomain web1 | Get-MigrationCapability xbzrle")]
    [InlineData("Get-LibvirtDomain web1 | Get-MigrationParameter announce-*")]
    [InlineData("Get-LibvirtDomain web1 | Get-MigrationBandwidth")]
    public void What_QEMU_alone_can_answer_is_asked_of_the_VM_that_is_piped_in(string script) => Assert.All(
        Shell.Run(script).Errors,
        error => Assert.DoesNotContain("NotFound", error.FullyQualifiedErrorId, StringComparison.Ordinal));

    [Theory]
    [InlineData("Get-LibvirtDomain web1 | Set-MigrationBandwidth web2 5MiB/s -WhatIf", "ContradictingOptions", "web2")]
    [InlineData("Get-LibvirtDomain web1 | Set-MigrationParameter web2 announce-rounds 3 -WhatIf", "ContradictingOptions", "web2")]
    [InlineData("Get-LibvirtDomain web1 | Get-LibvirtDomainDisk web2 vda", "ContradictingOptions", "web2")]
    [InlineData("Get-LibvirtDomain web1 | Get-MigrationBandwidth web2", "ContradictingOptions", "web2")]
    [InlineData("Get-LibvirtDomain web1 | Get-LibvirtDomainDisk (Get-LibvirtDomain web2)", "ContradictingOptions", "web2")]
    [InlineData("Get-LibvirtDomain web1 | Set-MigrationBandwidth fast -WhatIf", "InvalidArgument", "-Bandwidth")]
    [InlineData("Get-LibvirtDomain web1 | Set-MigrationCapability xbzrle maybe -WhatIf", "InvalidArgument", "neither on nor off")]
    [InlineData("Get-LibvirtDomain web1 | Set-MigrationBandwidth -WhatIf", "MissingMandatoryParameter", "Bandwidth")]
    [InlineData("Get-LibvirtDomain web1 | Set-MigrationParameter announce-rounds -WhatIf", "InvalidArgument", "-Value")]
    [InlineData("Set-MigrationBandwidth web1 -WhatIf", "InvalidArgument", "-Bandwidth")]
    [InlineData("Set-MigrationDowntime -MaxDowntime 5ms -WhatIf", "NoDomain", "VM")]
    [InlineData("Get-MigrationDowntime", "NoDomain", "VM")]
    public void What_is_missing_or_said_twice_is_refused(string script, string id, string said)
    {
        var error = Error(script);

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A host c whose VM has two disks.</summary>
    private void WithDisks()
    {
        var disks = string.Concat(((string[])["vda", "vdb"]).Select(target => $"<disk type='file' device='disk'><source file='/srv/{target}.img'/><target dev='{target}' bus='virtio'/></disk>"));
        var xml = File.ReadAllText(TestHosts.UriB["test://".Length..]);
        File.WriteAllText(Path.Combine(Folder, "disks.xml"), xml.Contains("<devices>", StringComparison.Ordinal)
            ? xml.Replace("<devices>", $"<devices>{disks}", StringComparison.Ordinal)
            : xml.Replace("</os>", $"</os><devices>{disks}</devices>", StringComparison.Ordinal));
        _ = Shell.Run("Disconnect-LibvirtHost b; $null = Connect-LibvirtHost \"test://$folder/disks.xml\" -Name c").Clean;
    }
}
