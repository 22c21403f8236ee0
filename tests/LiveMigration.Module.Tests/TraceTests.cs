using System.Text.RegularExpressions;

namespace LiveMigration.Module.Tests;

/// <summary>What -Verbose and -Debug show.</summary>
public sealed class TraceTests : IDisposable
{
    private const string Password = "Hunter2-very-secret";

    private readonly Shell _shell = new();

    public TraceTests() => _ = _shell.Run(TestHosts.Connect).Clean;

    /// <summary>A line for each cmdlet that talks to a host. That the test driver refuses some does not matter: it was asked.</summary>
    private static readonly string[] Lines =
    [
        $"Connect-LibvirtHost '{TestHosts.UriA}' -Name again",
        "Get-FleetBalance a -Duration 1s -WarningAction Ignore",
        "Get-LibvirtHost a",
        "Get-LibvirtDomain web1",
        "Enter-HostMaintenance a -Destination b -WhatIf",
        "Get-LibvirtDomainDisk web1",
        "Get-MigrationBandwidth web1",
        "Get-MigrationCapability web1",
        "Get-MigrationDowntime web1",
        "Get-MigrationForecast web1 b -Bandwidth 1Gbit/s",
        "Get-MigrationParameter web1",
        "Get-VMLiveMigration",
        "Measure-DirtyRate web1",
        "New-BalancePlan a, b -Duration 1s -CpuWeight 0",
        "New-EvacuationPlan a -Destination b",
        "New-MigrationDisk web1 b",
        "New-MigrationSharedStorage trace a, b -Mounted -Path /nowhere/trace -Confirm:$false",
        "Resume-VMLiveMigration web1 b -HostName a",
        "Set-MigrationBandwidth web1 100MiB/s -Confirm:$false",
        "Set-MigrationCapability web1 xbzrle $true -Confirm:$false",
        "Set-MigrationDowntime web1 300ms -Confirm:$false",
        "Set-MigrationParameter web1 announce-rounds 3 -Confirm:$false",
        "Start-HostEvacuation a -Destination b -WhatIf",
        "Start-VMLiveMigration web1 b -WhatIf",
        "Stop-VMLiveMigration web1 -Confirm:$false",
        "Switch-VMLiveMigration web1 -Confirm:$false",
        "Test-MigrationReadiness web1 b",
        "Wait-VMLiveMigration web1",
    ];

    public static TheoryData<string> Commands => new(Lines);

    /// <summary>They talk to hosts over ssh alone, or to none, or need an evacuation that ran, a host in maintenance or a report with something to repair.</summary>
    private static readonly string[] Elsewhere =
    [
        "Disconnect-LibvirtHost", "Exit-HostMaintenance", "Export-MigrationMetric", "Export-MigrationReport", "Get-HostEvacuation", "Get-MigrationStream", "Get-VMMigrationHistory", "Measure-MigrationForecast", "Install-MigrationCertificate", "New-MigrationCertificate",
        "Compare-QemuProcess", "Connect-QemuProcess", "Disconnect-QemuProcess", "Get-QemuProcess", "Invoke-QmpCommand", "Restore-VMState", "Save-VMState", "Start-QemuDestination",
        "Repair-MigrationReadiness", "Remove-HostEvacuation", "Restore-VMPlacement", "Resume-HostEvacuation", "Stop-HostEvacuation", "Test-MigrationCertificate",
    ];

    [Fact]
    public void Every_cmdlet_is_tried_here_or_named_as_one_that_cannot_be()
    {
        var all = _shell.Run("(Get-Command -Module LiveMigration).Name").Clean.Select(name => (string)name.BaseObject);
        var tried = Lines.Select(line => line.Split(' ')[0]);

        Assert.Equal(all.Order(), tried.Concat(Elsewhere).Order());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Verbose_says_what_is_done_and_Debug_shows_each_call_of_libvirt_with_its_time(string command)
    {
        var outcome = _shell.Run($"{command} -Verbose -Debug");

        Assert.Contains(outcome.Verbose, line => Regex.IsMatch(line, @"^Asked \w+ (once|\d+ times) \([0-9.]+ m?s\)"));
        Assert.Contains(outcome.Debug, line => Regex.IsMatch(line, @"^libvirt vir\w+ on \w+: (failed( with \w+)?, )?[0-9.]+ ms$"));
    }

    [Theory]
    [InlineData("Get-LibvirtDomain web1")]
    [InlineData("Get-MigrationDowntime web1")]
    [InlineData("Start-VMLiveMigration web1 b -WhatIf")]
    public void Nothing_is_shown_that_was_not_asked_for(string command)
    {
        var silent = _shell.Run(command);
        var verbose = _shell.Run($"{command} -Verbose");

        Assert.Empty(silent.Debug);
        Assert.Empty(silent.Verbose);
        Assert.Empty(verbose.Debug);
        Assert.NotEmpty(verbose.Verbose);
    }

    [Fact]
    public void The_preference_variables_ask_for_it_too_and_a_switch_overrules_them()
    {
        var asked = _shell.Run("$VerbosePreference = 'Continue'; $DebugPreference = 'Continue'; Get-LibvirtDomain web1; $VerbosePreference = $DebugPreference = 'SilentlyContinue'");
        var overruled = _shell.Run("$VerbosePreference = 'Continue'; Get-LibvirtDomain web1 -Verbose:$false; $VerbosePreference = 'SilentlyContinue'");

        Assert.NotEmpty(asked.Verbose);
        Assert.NotEmpty(asked.Debug);
        Assert.Empty(overruled.Verbose);
    }

    [Fact]
    public void A_connection_names_the_URI_that_is_tried_and_the_versions_that_answer()
    {
        File.Copy(TestHosts.UriB["test://".Length..], Path.Combine(AppContext.BaseDirectory, "fresh.xml"), overwrite: true);
        var uri = $"test://{Path.Combine(AppContext.BaseDirectory, "fresh.xml")}";
        var lines = _shell.Run($"Connect-LibvirtHost '{uri}' -Name fresh -Verbose").Verbose;

        Assert.Equal([$"Connect to {uri} as fresh.", $"Connecting to {uri}."], lines[..2]);
        Assert.Matches(@"^Connected to fresh: libvirt \d+\.\d+\.\d+, TEST [0-9.]+ \([0-9.]+ m?s\)\.$", lines[2]);
    }

    [Fact]
    public void A_host_that_does_not_answer_is_said_to_be_tried_and_why_it_failed()
    {
        var lines = _shell.Run("Connect-LibvirtHost test:///no/such/file.xml -Name nobody -Verbose").Verbose;

        Assert.Equal(["Connect to test:///no/such/file.xml as nobody.", "Connecting to test:///no/such/file.xml."], lines[..2]);
        Assert.StartsWith("Could not connect to nobody (", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_says_who_steers_and_why_and_what_the_checks_found()
    {
        var lines = _shell.Run("Start-VMLiveMigration web1 b -WhatIf -Verbose").Verbose;

        Assert.Contains(lines, line => line.StartsWith("Plan: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("This client controls the migration (Direct), because ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Checked readiness: ", StringComparison.Ordinal) && line.Contains(" passed, ", StringComparison.Ordinal));
    }

    [Fact]
    public void No_password_is_in_any_line()
    {
        var outcome = _shell.Run($"""
            $credential = [pscredential]::new('admin', (ConvertTo-SecureString '{Password}' -AsPlainText -Force))
            Connect-LibvirtHost '{TestHosts.UriA}' -Name guarded -Credential $credential -Verbose -Debug
            Get-LibvirtDomain -HostName guarded -Verbose -Debug
            """);

        Assert.NotEmpty(outcome.Debug);
        Assert.DoesNotContain(outcome.Verbose.Concat(outcome.Debug), line => line.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cmdlets_in_several_runspaces_hear_only_of_their_own()
    {
        const string Script = "1..40 | ForEach-Object { $null = Get-LibvirtDomain -HostName HOST -Verbose -Debug }";
        using var other = new Shell();
        var outcomes = await Task.WhenAll(
            Task.Run(() => _shell.Run(Script.Replace("HOST", "a", StringComparison.Ordinal))),
            Task.Run(() => other.Run(Script.Replace("HOST", "b", StringComparison.Ordinal))));

        Assert.All(outcomes, outcome => Assert.Equal(40, outcome.Verbose.Count(line => line.StartsWith("Asked ", StringComparison.Ordinal))));
        Assert.DoesNotContain(outcomes[0].Verbose.Concat(outcomes[0].Debug), line => line.Contains(" b:", StringComparison.Ordinal) || line.Contains("on b", StringComparison.Ordinal) || line.Contains("Asked b", StringComparison.Ordinal));
        Assert.DoesNotContain(outcomes[1].Verbose.Concat(outcomes[1].Debug), line => line.Contains(" a:", StringComparison.Ordinal) || line.Contains("on a", StringComparison.Ordinal) || line.Contains("Asked a", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_cmdlet_downstream_does_is_its_own()
    {
        var lines = _shell.Run("Get-LibvirtHost a -Verbose | Get-LibvirtDomain").Verbose;

        Assert.Equal(["Asked a once"], lines.Select(line => line[..line.IndexOf(" (", StringComparison.Ordinal)]));
    }

    public void Dispose()
    {
        _shell.Run(TestHosts.Disconnect);
        _shell.Dispose();
    }
}
