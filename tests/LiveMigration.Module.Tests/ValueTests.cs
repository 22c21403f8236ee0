using System.Globalization;
using System.Management.Automation;

namespace LiveMigration.Module.Tests;

/// <summary>Sizes, rates and times in PowerShell's own hands: they sort, compare, add up and travel as numbers and TimeSpans do.</summary>
public sealed class ValueTests : IDisposable
{
    private const string Hosts =
        """
        function Sized($name, $size) {
            $info = Get-LibvirtHost a
            foreach ($member in 'Memory', 'FreeMemory') { [LiveMigration.Hosts.HostInfo].GetProperty($member).SetValue($info, [long] $size) }
            [LiveMigration.Hosts.HostInfo].GetProperty('Name').SetValue($info, $name)
            $info
        }
        $hosts = (Sized two 2GB), (Sized ten 10GB), (Sized small 900KB)
        """;

    private readonly Shell _shell = new();

    public ValueTests() => _ = _shell.Run(TestHosts.Connect).Clean;

    [Fact]
    public void Sizes_sort_by_size() =>
        Assert.Equal("ten two small", Text($"{Hosts}; ($hosts | Sort-Object Memory -Descending).Name -join ' '"));

    [Theory]
    [InlineData("($hosts | Where-Object Memory -gt 1GB).Name -join ' '", "two ten")]
    [InlineData("($hosts | Where-Object { 1GB -lt $_.Memory }).Name -join ' '", "two ten")]
    [InlineData("($hosts | Where-Object { 1.5GB -gt $_.FreeMemory }).Name -join ' '", "small")]
    [InlineData("($hosts | Where-Object { $_.Memory -eq 2GB }).Name -join ' '", "two")]
    [InlineData("$hosts[0].Memory + $hosts[1].Memory -eq 12GB", "True")]
    [InlineData("$hosts[1].Memory / $hosts[0].Memory", "5")]
    public void Sizes_compare_from_either_side(string script, string says) => Assert.Equal(says, Text($"{Hosts}; {script}"));

    [Fact]
    public void Sizes_add_up() =>
        Assert.Equal($"{(12L << 30) + (900 << 10)} {10L << 30} {900 << 10}", Text($"{Hosts}; $all = $hosts | Measure-Object Memory -Sum -Maximum -Minimum; \"$($all.Sum) $($all.Maximum) $($all.Minimum)\""));

    [Fact]
    public void Sizes_come_back_from_CSV() =>
        Assert.Equal("ten two small", Text($"{Hosts}; ($hosts | ConvertTo-Csv | ConvertFrom-Csv | Sort-Object {{ [long] $_.Memory }} -Descending).Name -join ' '"));

    [Fact]
    public void A_fault_is_its_id_in_CSV() => Assert.EndsWith(
        "\"NotReady\"", Text("[LiveMigration.Errors.Faults]::NotReady | Select-Object @{ n = 'Fault'; e = { $_ } } | ConvertTo-Csv"), StringComparison.Ordinal);

    [Fact]
    public void What_a_domain_has_is_a_number_in_JSON()
    {
        var json = Text("Get-LibvirtDomain web1 -HostName a | Select-Object Name, VCpus, Memory, MaxMemory, State | ConvertTo-Json -Compress -EnumsAsStrings");

        Assert.Matches("""^\{"Name":"web1","VCpus":\d+,"Memory":\d+,"MaxMemory":\d+,"State":"Running"\}$""", json);
    }

    [Fact]
    public void Values_come_back_from_a_job() => Assert.Equal(
        "True True Int64",
        Text("$vm = Get-LibvirtDomain web1 -HostName a; $back = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($vm)); \"$($back.Memory -eq $vm.Memory) $($back.Memory -gt 1MB) $($back.Memory.GetType().Name)\""));

    [Fact]
    public void Times_are_TimeSpans_and_sort_as_such() => Assert.Equal(
        "00:00:00.2000000 00:00:09 00:00:10",
        Text(
            """
            $times = '9s', '10s', '200ms' | ForEach-Object { $move = [LiveMigration.Migration.MigrationDowntime]::new(); [LiveMigration.Migration.MigrationDowntime].GetProperty('Limit').SetValue($move, [timespan] [LiveMigration.Units.Duration]::Parse($_)); $move }
            ($times | Sort-Object Limit).Limit -join ' '
            """));

    [Fact]
    public void What_libvirt_reports_in_another_call_is_not_0() => Assert.Equal(
        "True True True vda",
        Text("$vm = Get-LibvirtDomain -HostName test:///default; \"$($vm.VCpus -gt 0) $($vm.Memory -gt 1MB) $($vm.MaxMemory -ge $vm.Memory) $($vm.Disks.Target)\""));

    [Fact]
    public void A_view_says_GiB_and_the_value_is_a_number()
    {
        Assert.Contains("2 GiB", _shell.Show($"{Hosts}; $hosts[0] | Format-Table"), StringComparison.Ordinal);
        Assert.DoesNotContain("2147483648", _shell.Show($"{Hosts}; $hosts[0] | Format-Table"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void In_another_culture_numbers_stay_numbers(string culture)
    {
        var script = $"[cultureinfo]::CurrentCulture = '{culture}'; {Hosts}; ($hosts | Sort-Object Memory).Name -join ' '; [LiveMigration.Units.ByteSize]::Format(1.5GB); [LiveMigration.Units.Bandwidth]::Format(1.5MB); ($hosts | ConvertTo-Csv | ConvertFrom-Csv)[0].Memory";
        var before = CultureInfo.CurrentCulture;
        try
        {
            Assert.Equal(["small two ten", "1.5 GiB", "1.5 MiB/s", "2147483648"], _shell.Run(script).Clean.Select(text => text.ToString()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("[LiveMigration.Units.ByteSize]::Parse('2GiB') -gt 1GB", "True")]
    [InlineData("('900KiB', '10GiB', '2GiB' | ForEach-Object { [LiveMigration.Units.ByteSize]::Parse($_) } | Sort-Object) -join ' '", "900 KiB 2 GiB 10 GiB")]
    [InlineData("('9MiB/s', '10MiB/s', 'max', '0.5' | ForEach-Object { [LiveMigration.Units.Bandwidth]::Parse($_) } | Sort-Object) -join ' '", "512 KiB/s 9 MiB/s 10 MiB/s max")]
    [InlineData("('9s', '10s', '300ms' | ForEach-Object { [LiveMigration.Units.Duration]::Parse($_) } | Sort-Object) -join ' '", "300 ms 9 s 10 s")]
    [InlineData("('2GiB', '10GiB' | ForEach-Object { [LiveMigration.Units.ByteSize]::Parse($_) } | Measure-Object -Maximum).Maximum", "10737418240")]
    public void What_options_hold_compares_too(string script, string says) => Assert.Equal(says, Text(script));

    public void Dispose()
    {
        _shell.Run(TestHosts.Disconnect);
        _shell.Dispose();
    }

    private string Text(string script) => string.Join('\n', _shell.Run(script).Clean.Select(text => LanguagePrimitives.ConvertTo<string>(text)));

    /// <summary>What the prompt, a file of CSV or JSON, a string and a job make of a list.</summary>
    [Theory]
    [InlineData("($vm | ConvertTo-Csv | ConvertFrom-Csv).Disks", "vda; vdb")]
    [InlineData("($none | ConvertTo-Csv | ConvertFrom-Csv).Disks", "")]
    [InlineData("\"$($vm.Disks)\"", "vda vdb")]
    [InlineData("$vm.Disks[1].Target, $vm.Disks[-1].Target, $vm.Disks.Count", "vdb vdb 2")]
    [InlineData("$vm.Disks.Target", "vda vdb")]
    [InlineData("@($vm.Disks | ForEach-Object Target)", "vda vdb")]
    [InlineData("($vm | ConvertTo-Json -Depth 4 | ConvertFrom-Json).Disks.Target", "vda vdb")]
    [InlineData("($vm | ConvertTo-Json -Depth 4 -EnumsAsStrings | ConvertFrom-Json).Disks[0].Access", "Shared")]
    [InlineData("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($vm, 3)).Disks.Target", "vda vdb")]
    [InlineData("$vm.Disks -is [Collections.IList]; $vm.Disks.Where({ $_.Target -eq 'vdb' }).Target; ($vm.Disks + 'x').Count", "True vdb 3")]
    public void A_list_travels(string script, string says) => Assert.Equal(says, string.Join(' ', _shell.Run(
        $$"""
        function Disked($disks) {
            $found = Get-LibvirtDomain web1 -HostName a
            [LiveMigration.Domains.LibvirtDomain].GetProperty('Disks').SetValue($found, [LiveMigration.Domains.DiskSummary[]] $disks)
            $found
        }
        $vm = Disked @('vda', 'vdb' | ForEach-Object { [LiveMigration.Domains.DiskSummary]::new($_, $null, $null, 'Shared') })
        $none = Disked @()
        {{script}}
        """).Clean.Select(text => LanguagePrimitives.ConvertTo<string>(text))));

    [Fact]
    public void A_host_without_a_UUID_has_none() => Assert.Equal("True", Text("$null -eq (Get-LibvirtHost a).Uuid"));

    /// <summary>PowerShell's own ways: ConvertTo-Json writes numbers for enums unless it is asked for words, and a list becomes a text in a string.</summary>
    [Fact]
    public void States_and_disks_can_be_words_in_JSON_and_CSV()
    {
        Assert.Equal("Running", Text("([pscustomobject]@{ State = [LiveMigration.Domains.DomainState]::Running } | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json).State"));
        Assert.Equal("Running", Text("([pscustomobject]@{ State = [LiveMigration.Domains.DomainState]::Running } | ConvertTo-Csv | ConvertFrom-Csv).State"));
        Assert.Equal("vda vdb", Text("\"$('vda', 'vdb' | ForEach-Object { [LiveMigration.Domains.DiskSummary]::new($_, $null, $null, 'Unknown') })\""));

        string Text(string script) => Assert.Single(_shell.Run(script).Clean).ToString();
    }
}
