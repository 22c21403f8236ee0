namespace LiveMigration.Module.Tests;

/// <summary>The file that Export-MigrationMetric writes.</summary>
public sealed class MetricFileTests : HostedTests
{
    private string File => Path.Combine(Folder, "livemigration.prom");

    [Fact]
    public void It_is_written_whole_for_all_to_read_and_replaced_when_it_is_ours()
    {
        Assert.Equal([File], Names($"(Export-MigrationMetric {File}).FullName"));
        System.IO.File.AppendAllText(File, "what another program added\n");
        Assert.Equal([File], Names($"(Export-MigrationMetric {File}).FullName"));

        var text = System.IO.File.ReadAllText(File);
        Assert.Contains("\nlivemigration_migrations_running ", text, StringComparison.Ordinal);
        Assert.Contains("\nlivemigration_host_up{host=\"a\"} 1\nlivemigration_host_up{host=\"b\"} 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("what another", text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, System.IO.File.GetUnixFileMode(File));
        Assert.Equal([File], Directory.GetFiles(Folder));
    }

    [Fact]
    public void A_file_that_is_somebody_elses_is_replaced_by_force_only()
    {
        System.IO.File.WriteAllText(File, "mine");
        Assert.StartsWith("MetricFileExists,", Error($"Export-MigrationMetric {File}").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mine", System.IO.File.ReadAllText(File));
        _ = Shell.Run($"Export-MigrationMetric {File} -Force").Clean;
        Assert.StartsWith("# Written by Export-MigrationMetric", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_symbolic_link_the_file_that_it_leads_to_is_replaced()
    {
        var target = Path.Combine(Folder, "target.prom");
        _ = System.IO.File.CreateSymbolicLink(File, target);
        _ = Shell.Run($"Export-MigrationMetric {File}").Clean;
        _ = Shell.Run($"Export-MigrationMetric {File}").Clean;
        Assert.Equal(target, new FileInfo(File).LinkTarget);
        Assert.StartsWith("# Written by Export-MigrationMetric", System.IO.File.ReadAllText(target), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/null -Force", "'/dev/null' is not a regular file")]
    [InlineData("/nosuch/x.prom", "there is no folder '/nosuch'")]
    [InlineData("/tmp", "'/tmp' is a folder")]
    public void A_path_that_cannot_be_one_is_refused(string path, string said)
    {
        var error = Error($"Export-MigrationMetric {path}");
        Assert.StartsWith("MetricFileNotWritable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_node_exporter_does_not_read_is_a_warning() =>
        Assert.Contains("end in .prom", Assert.Single(Shell.Run($"Export-MigrationMetric {Folder}/metrics.txt").Warnings), StringComparison.Ordinal);

    [Fact]
    public void A_host_that_is_not_there_is_an_error_and_the_file_says_so()
    {
        var outcome = Shell.Run($"Export-MigrationMetric {File} -HostName a, test:///nosuch.xml");
        Assert.Single(outcome.Errors);
        Assert.Single(outcome.Output);
        Assert.Contains("livemigration_host_up{host=\"a\"} 1\nlivemigration_host_up{host=\"test:///nosuch.xml\"} 0\n", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    /// <summary>What failed is counted by another cmdlet than the one that failed, as by another process; a counter that goes back is told.</summary>
    [Fact]
    public void What_failed_is_counted_and_a_history_that_is_gone_is_noticed()
    {
        var outcome = Shell.Run($$"""
            # A host writes to the state folder that there was when it was connected.
            $state = $env:XDG_STATE_HOME
            Disconnect-LibvirtHost a, b
            try {
                $env:XDG_STATE_HOME = "$folder/state"
                {{TestHosts.Connect}}
                Start-VMLiveMigration web1 b -HostName a -SkipReadiness LM* -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
                $null = Export-MigrationMetric {{File}}
                Select-String '^livemigration_migrations_total' {{File}} -Raw
                Remove-Item $folder/state -Recurse
                $null = Export-MigrationMetric {{File}}
            }
            finally { $env:XDG_STATE_HOME = $state }
            """);

        Assert.Matches("^livemigration_migrations_total{outcome=\"failed\",source=\"a\",destination=\"b\",mode=\"\\w+\"} 1$", Assert.Single(outcome.Output).ToString());
        Assert.Contains("(1, now 0)", Assert.Single(outcome.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_for_a_timer_writes_it_and_says_by_its_exit_code_whether_all_answered()
    {
        var sample = Path.Combine(Module.Root, "samples", "monitoring", "Export-Metric.ps1");
        var outcome = Shell.Run($"$env:PSModulePath = '{Path.Combine(Module.Root, "artifacts", "module")}:' + $env:PSModulePath; & '{sample}' {File} -HostName 'a, b'; \"first $LASTEXITCODE\"; & '{sample}' {File} -HostName test:///nosuch.xml 2>$null; \"then $LASTEXITCODE\"; & '{sample}' /nosuch/x.prom; \"last $LASTEXITCODE\"");
        Assert.Equal(["first 0", "then 1", "last 3"], outcome.Output.Select(line => line.ToString()));
    }
}
