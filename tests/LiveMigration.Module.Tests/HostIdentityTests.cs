namespace LiveMigration.Module.Tests;

/// <summary>One URI is one host, whatever it is called.</summary>
public sealed class HostIdentityTests : HostedTests
{
    [Fact]
    public void A_new_name_for_a_connected_URI_renames_the_host()
    {
        Assert.Equal(["lab"], Names($"Connect-LibvirtHost '{TestHosts.UriA}' -Name lab | ForEach-Object Name"));

        Assert.Equal(["b", "lab"], Names("(Get-LibvirtHost).Name"));
        Assert.Equal(["web1 on lab"], Names("Get-LibvirtDomain web1 | ForEach-Object { \"$_ on $($_.HostName)\" }"));
        Assert.Contains("on lab", WhatIf("Set-MigrationDowntime web1 500ms -WhatIf"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_was_connected_when_it_was_needed_gets_a_name_later()
    {
        _ = Shell.Run("Disconnect-LibvirtHost a").Clean;
        Assert.Equal(3, Shell.Run($"Get-LibvirtDomain -Host '{TestHosts.UriA}'").Clean.Length);

        Assert.Equal(["lab"], Names($"(Connect-LibvirtHost '{TestHosts.UriA}' -Name lab).Name"));
        Assert.Equal(["b", "lab"], Names("(Get-LibvirtHost).Name"));
    }

    [Fact]
    public void What_was_read_from_a_host_before_it_was_renamed_is_still_on_it() =>
        Assert.Equal(["web1 on lab"], Names($"$vm = Get-LibvirtDomain web1; $null = Connect-LibvirtHost '{TestHosts.UriA}' -Name lab; $vm | Get-LibvirtDomain | ForEach-Object {{ \"$_ on $($_.HostName)\" }}"));

    [Theory]
    [InlineData("Connect-LibvirtHost a")]
    [InlineData("Connect-LibvirtHost A")]
    [InlineData("Get-LibvirtHost a | Connect-LibvirtHost")]
    [InlineData("(Get-LibvirtDomain web1).Host | Connect-LibvirtHost")]
    [InlineData("Connect-LibvirtHost a -Timeout 20s")]
    [InlineData("Get-LibvirtHost a")]
    [InlineData("Get-LibvirtHost A")]
    public void A_connected_name_finds_its_host(string script)
    {
        Assert.Equal(["a"], Names($"{script} | ForEach-Object Name"));
        Assert.Equal(["a", "b"], Names("(Get-LibvirtHost).Name"));
    }

    [Fact]
    public void A_connected_host_is_renamed_by_its_name()
    {
        Assert.Equal(["one"], Names("(Connect-LibvirtHost a -Name one).Name"));
        Assert.Equal(["b", "one"], Names("(Get-LibvirtHost).Name"));
    }

    [Fact]
    public void One_name_is_not_given_to_several_hosts() =>
        Assert.StartsWith("ContradictingOptions,", Error($"'{TestHosts.UriA}', '{TestHosts.UriB}' | Connect-LibvirtHost -Name x | Out-Null").FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void A_VM_of_a_disconnected_host_says_so()
    {
        var error = Error("$vm = Get-LibvirtDomain spare; Disconnect-LibvirtHost b; $vm | Get-LibvirtDomainDisk");

        Assert.StartsWith("HostDisconnected,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("b was disconnected.", error.ToString());
    }

    [Theory]
    [InlineData("test:///default -Name new", "Connect to test:///default as new.")]
    [InlineData("test:///default -Name a", "Connect to test:///default as a, in place of the connection of that name to test://")]
    [InlineData("a -Name lab", "Rename the host a to lab.")]
    [InlineData("a -Name b", "Rename the host a to b, in place of the connection of that name to test://")]
    [InlineData("a -KeepAliveInterval 7s", "hostA.xml again as a.")]
    [InlineData("nowhere.invalid", "Connect to qemu+ssh://nowhere.invalid/system as nowhere.invalid.")]
    public void What_if_says_in_one_line_what_it_would_do_and_changes_nothing(string arguments, string says)
    {
        const string Look = "Get-LibvirtHost | ForEach-Object { \"$($_.Name) $($_.Uri)\" }";
        var before = Names(Look);
        var connection = Names("[Runtime.CompilerServices.RuntimeHelpers]::GetHashCode((Get-LibvirtDomain web1).Host)");

        var said = WhatIf($"Connect-LibvirtHost {arguments} -WhatIf").Split('\n').Where(line => line.StartsWith("What if: ", StringComparison.Ordinal));

        Assert.Contains(says, Assert.Single(said), StringComparison.Ordinal);
        Assert.Empty(Shell.Run($"Connect-LibvirtHost {arguments} -WhatIf").Clean);
        Assert.Equal(before, Names(Look));
        Assert.Equal(connection, Names("[Runtime.CompilerServices.RuntimeHelpers]::GetHashCode((Get-LibvirtDomain web1).Host)"));
    }

    [Fact]
    public void A_connected_host_that_stays_as_it_is_is_returned_with_What_if_too() =>
        Assert.Equal(["a"], Names("(Connect-LibvirtHost a -WhatIf).Name"));

    [Fact]
    public void A_key_is_refused_where_there_is_none_with_What_if_too() =>
        Assert.StartsWith("ContradictingOptions,", Error("Connect-LibvirtHost test:///default -AcceptNewHostKey -WhatIf").FullyQualifiedErrorId, StringComparison.Ordinal);

    /// <summary>An ssh stands in the path that writes down how it is called, as the real one would write known_hosts.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("-WhatIf", false)]
    public void A_new_key_is_not_written_down_where_it_is_only_asked_what_would_happen(string option, bool called)
    {
        const string Connect = "Connect-LibvirtHost qemu+ssh://new.invalid/system -AcceptNewHostKey -ErrorAction SilentlyContinue";
        _ = Shell.Run("$null = New-Item -ItemType Directory bin; Set-Content bin/ssh \"#!/bin/sh`necho called >> $folder/calls\"; chmod +x bin/ssh; $script:path = $env:PATH; $env:PATH = \"$folder/bin:$env:PATH\"").Clean;
        try
        {
            var said = WhatIf($"{Connect} {option}");

            Assert.Equal(called, File.Exists(Path.Combine(Folder, "calls")));
            Assert.Equal(!called, said.Contains("What if: Connect to qemu+ssh://new.invalid/system as new.invalid, and write its SSH key into known_hosts", StringComparison.Ordinal));
        }
        finally
        {
            _ = Shell.Run("$env:PATH = $script:path").Clean;
        }
    }
}
