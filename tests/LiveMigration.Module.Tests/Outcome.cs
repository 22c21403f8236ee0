using System.Management.Automation;

namespace LiveMigration.Module.Tests;

/// <summary>All that a script wrote.</summary>
internal sealed record Outcome(
    PSObject[] Output,
    ErrorRecord[] Errors,
    string[] Warnings,
    string[] Verbose,
    string[] Debug,
    string[] Information)
{
    /// <summary>The output of a script that must not have failed.</summary>
    public PSObject[] Clean
    {
        get
        {
            Assert.True(Errors.Length == 0, string.Join('\n', Errors.Select(error => error.ToString())));
            return Output;
        }
    }
}
