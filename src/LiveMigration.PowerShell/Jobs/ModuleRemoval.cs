using System.Management.Automation;
using LiveMigration.Migration;

namespace LiveMigration.PowerShell.Jobs;

/// <summary>Removing the module ends no migration, and no connection that one goes over: that is said.</summary>
public sealed class ModuleRemoval : IModuleAssemblyCleanup
{
    /// <summary>Called by PowerShell when the module is removed.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        foreach (var run in MigrationRuns.Current)
            Say($"The migration {run} continues. Import the module again to check it with Get-VMLiveMigration.");
    }

    /// <summary>There is no cmdlet here to write with; the runspace that removes the module is this thread's.</summary>
    private static void Say(string text) => ScriptBlock.Create("param($text) Write-Warning $text").Invoke(text);
}
