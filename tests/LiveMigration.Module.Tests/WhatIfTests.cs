using System.Text.RegularExpressions;

namespace LiveMigration.Module.Tests;

/// <summary>-WhatIf connects to the hosts that are named, as it has to look at them, and changes nothing: no file, no host.</summary>
public sealed partial class WhatIfTests : HostedTests
{
    /// <summary>A command line for each cmdlet that changes something; its hosts are not connected yet.</summary>
    private static readonly string[] Lines =
    [
        "Connect-LibvirtHost $ssh -AcceptNewHostKey",
        "Get-LibvirtHost $a | Disconnect-LibvirtHost",
        "Test-MigrationReadiness web1 $b -HostName $a | Export-MigrationReport report.html",
        "Install-MigrationCertificate pki/kvm1 -HostName $ssh",
        "Enter-HostMaintenance $a -Destination $b -SkipReadiness LM*",
        "Exit-HostMaintenance $a",
        "New-BalancePlan $a, $b -Duration 1s -CpuWeight 0 -OutFile plan.yaml",
        "New-EvacuationPlan $a -Destination $b -OutFile plan.yaml",
        "New-MigrationCertificate $a -Path new -NoLookup -KeyAlgorithm Ecdsa",
        "New-MigrationDisk web1 $b -HostName $a",
        "New-MigrationSharedStorage p $a, $b -Path /nowhere/p -NfsServer nas -NfsExport /e",
        "Test-MigrationReadiness web1 $b -HostName $a | Repair-MigrationReadiness",
        "Export-MigrationMetric metrics.prom $a",
        "$evacuation | Remove-HostEvacuation -Force",
        "$evacuation | Restore-VMPlacement",
        "$evacuation | Resume-HostEvacuation",
        "Resume-VMLiveMigration web1 $b -HostName $a",
        "Set-MigrationBandwidth web1 5MiB/s -HostName $a",
        "Set-MigrationCapability web1 xbzrle on -HostName $a",
        "Set-MigrationDowntime web1 5ms -HostName $a",
        "Set-MigrationParameter web1 max-bandwidth 1 -HostName $a",
        "Start-HostEvacuation $a -Destination $b -SkipReadiness LM*",
        "Start-VMLiveMigration web1 $b -HostName $a -SkipReadiness LM*",
        "$evacuation | Stop-HostEvacuation",
        "Stop-VMLiveMigration web1 -HostName $a",
        "Switch-VMLiveMigration web1 -HostName $a",
    ];

    private const string Evacuation =
        "$evacuation = Start-HostEvacuation a -Destination b -SkipReadiness LM* -Attempts 1 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Select-Object -Last 1";

    public static TheoryData<string> Commands => new(Lines);

    public WhatIfTests() => _ = Shell.Run(
        $$"""
        $a, $b, $ssh = '{{TestHosts.UriA}}', '{{TestHosts.UriB}}', "qemu+ssh://x.invalid/system?command=$folder/ssh&known_hosts=$folder/known_hosts"
        # An ssh that notes that it was asked to accept a key.
        [IO.File]::WriteAllText("$folder/ssh", "#!/bin/sh`ncase `"`$*`" in *accept-new*) echo key >>'$folder/known_hosts' ;; esac`nexit 255`n")
        [IO.File]::SetUnixFileMode("$folder/ssh", 'UserRead, UserWrite, UserExecute')
        $null = New-MigrationCertificate kvm1 ./pki -NoLookup -KeyAlgorithm Ecdsa
        """).Clean;

    [Fact]
    public void Every_cmdlet_that_knows_it_is_tried_here()
    {
        var known = Shell.Run("(Get-Command -Module LiveMigration -CommandType Cmdlet | Where-Object { $_.Parameters.ContainsKey('WhatIf') }).Name").Clean.Select(name => (string)name.BaseObject);

        // Those of a QEMU without libvirt need one: their Pester files try them.
        string[] ofQemu = ["Compare-QemuProcess", "Disconnect-QemuProcess", "Invoke-QmpCommand", "Restore-VMState", "Save-VMState", "Start-QemuDestination"];
        Assert.Equal(known.Except(ofQemu).Order(), Lines.Select(line => line.Split(" | ")[^1].Split(' ')[0]).Order());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Nothing_is_written_and_no_host_is_changed(string command)
    {
        if (command.StartsWith("$evacuation", StringComparison.Ordinal))
            _ = Shell.Run(Evacuation).Clean;
        _ = Shell.Run("Disconnect-LibvirtHost a, b").Clean;
        var before = Files();

        var outcome = Shell.Run($"{command} -WhatIf -Debug");

        Assert.Equal(before, Files());
        Assert.All(outcome.Debug.Select(line => Call().Match(line)).Where(call => call.Success), call => Assert.Matches(Reading(), call.Groups[1].Value));
    }

    [Fact]
    public void Without_it_a_key_is_written() // so that the theory would see it
    {
        _ = Shell.Run("Connect-LibvirtHost $ssh -AcceptNewHostKey");

        Assert.True(File.Exists(Path.Combine(Folder, "known_hosts")));
    }

    /// <summary>All that this test has in files, and all that the module keeps.</summary>
    private string[] Files() =>
    [
        .. new[] { Folder, Environment.GetEnvironmentVariable("XDG_STATE_HOME")! }
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")
            .Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"^libvirt (vir\w+) on ")]
    private static partial Regex Call();

    [GeneratedRegex("Open|Close|Ref|Free|Get|List|Lookup|Num|Is[A-Z]|KeepAlive|Register")]
    private static partial Regex Reading();
}
