using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace LiveMigration.Module.Tests;

/// <summary>A runspace with the built module in it, as a new PowerShell that has imported it.</summary>
internal sealed class Shell : IDisposable
{
    private readonly Runspace _runspace;

    static Shell()
    {
        // What the module keeps between processes is not that of who runs the tests.
        var state = Directory.CreateTempSubdirectory("livemigration-");
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", state.FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => state.Delete(recursive: true);
    }

    public Shell()
    {
        var state = InitialSessionState.CreateDefault();
        state.ImportPSModule(Module.Manifest);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>Runs a script and returns all it wrote to any stream. A terminating error is the last of <see cref="Outcome.Errors"/>.</summary>
    /// <param name="script">The script.</param>
    /// <param name="arguments">What it has as <c>$args</c>.</param>
    public Outcome Run(string script, params object[] arguments)
    {
        using var shell = System.Management.Automation.PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach (var argument in arguments)
            shell.AddArgument(argument);
        PSDataCollection<PSObject> output = [];
        List<ErrorRecord> errors = [];
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException e)
        {
            errors.Add(e.ErrorRecord);
        }
        return new Outcome(
            [.. output],
            [.. shell.Streams.Error, .. errors],
            [.. shell.Streams.Warning.Select(record => record.Message)],
            [.. shell.Streams.Verbose.Select(record => record.Message)],
            [.. shell.Streams.Debug.Select(record => record.Message)],
            [.. shell.Streams.Information.Select(record => record.ToString())]);
    }

    /// <summary>What a script shows in a window of that width, as text.</summary>
    public string Show(string script, int width = 120) =>
        string.Concat(Run($"& {{ {script} }} | Out-String -Width {width}").Output.Select(text => text.ToString()));

    public void Dispose() => _runspace.Dispose();
}
