using System.Management.Automation;

namespace LiveMigration.Module.Tests;

/// <summary>Tests with a shell in which a and b are connected, and a folder of their own.</summary>
public abstract class HostedTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-");

    protected HostedTests()
    {
        Shell = new Shell();
        _ = Shell.Run($"{TestHosts.Connect}; $folder = '{_folder.FullName}'; Set-Location $folder").Clean;
    }

    private protected Shell Shell { get; }

    protected string Folder => _folder.FullName;

    /// <summary>Runs a script that must not fail, and returns what it wrote as text, sorted.</summary>
    protected string[] Names(string script) => [.. Shell.Run(script).Clean.Select(one => one.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>The one error of a script.</summary>
    protected ErrorRecord Error(string script) => Assert.Single(Shell.Run(script).Errors);

    /// <summary>What a script says that it would do.</summary>
    protected string WhatIf(string script) => Shell.Show($"$(try {{ Start-Transcript -UseMinimalHeader $folder/whatif.txt | Out-Null; {script} }} finally {{ Stop-Transcript | Out-Null }}); Get-Content $folder/whatif.txt", 400);

    public void Dispose()
    {
        Shell.Run(TestHosts.Disconnect);
        Shell.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
