namespace LiveMigration.Module.Tests;

/// <summary>The samples in samples/runbooks, called from a shell that somebody types in.</summary>
public sealed class RunbookTests : IDisposable
{
    private readonly Shell _shell = new();
    private readonly Folder _folder = new();

    /// <summary>A runbook imports the module by its name.</summary>
    public RunbookTests() => _ = _shell.Run($"$env:PSModulePath = '{Path.Combine(Module.Root, "artifacts", "module")}:' + $env:PSModulePath").Clean;

    [Theory]
    [InlineData("Start-NightlyDrain", "-WhatIf", 0)]
    [InlineData("Start-NightlyDrain", "", 1)]
    [InlineData("Invoke-PatchAndReturn", "-Hook /bin/false -WhatIf", 0)]
    [InlineData("Invoke-PatchAndReturn", "-Hook /bin/false", 1)]
    public void A_runbook_leaves_its_callers_shell_open_with_its_exit_code(string name, string options, int code)
    {
        var script = Path.Combine(Module.Root, "samples", "runbooks", $"{name}.ps1");

        var outcome = _shell.Run($"& '{script}' '{TestHosts.UriA}' '{TestHosts.UriB}' {options} -Summary '{_folder["summary.json"]}' 2>$null; \"after $LASTEXITCODE\"");

        Assert.Equal($"after {code}", outcome.Output[^1].ToString());
        Assert.Equal(code == 1, File.Exists(_folder["summary.json"]));
    }

    /// <summary>Hosts without secrets cannot be marked: nothing is begun.</summary>
    [Theory]
    [InlineData("-WhatIf", 0)]
    [InlineData("", 3)]
    public void A_rolling_patch_touches_no_host_that_cannot_be_put_into_maintenance(string options, int code)
    {
        var script = Path.Combine(Module.Root, "samples", "runbooks", "Invoke-RollingPatch.ps1");

        var outcome = _shell.Run($"& '{script}' '{TestHosts.UriA},{TestHosts.UriB}' -Hook /bin/false {options} -Summary '{_folder["summary.json"]}' 2>$null; \"after $LASTEXITCODE\"");

        Assert.Equal($"after {code}", outcome.Output[^1].ToString());
        Assert.False(File.Exists(_folder["summary.json"]));
    }

    [Fact]
    public void A_runbook_that_cannot_begin_ends_with_3()
    {
        var script = Path.Combine(Module.Root, "samples", "runbooks", "Start-NightlyDrain.ps1");

        var outcome = _shell.Run($"& '{script}' 'test:///nowhere.xml' '{TestHosts.UriB}' -Summary '{_folder["summary.json"]}'; \"after $LASTEXITCODE\"");

        Assert.Equal("after 3", outcome.Output[^1].ToString());
        Assert.False(File.Exists(_folder["summary.json"]));
    }

    public void Dispose()
    {
        _shell.Run(TestHosts.Disconnect);
        _shell.Dispose();
        _folder.Dispose();
    }
}
