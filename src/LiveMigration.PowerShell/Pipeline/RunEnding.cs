using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>What becomes of a migration whose cmdlet or job is stopped.</summary>
internal static class RunEnding
{
    /// <summary>Aborts it and waits until it is known where the domain is; in post-copy leaves it to itself. Says which.</summary>
    internal static async Task<MigrationResult> EndAsync(this MigrationRun run, Action<string> say)
    {
        if (!run.IsPostCopy)
        {
            say($"Stopping the migration of '{run.Name}' from {run.Source}.");
            try
            {
                var result = await run.StopAsync(CancellationToken.None);
                say(result.Error ?? $"It was too late to stop: '{result.FinalName}' runs on {result.Destination ?? "its destination"}.");
                return result;
            }
            catch (LiveMigrationException error) when (error.Fault == Faults.CannotAbortPostCopy)
            {
                // It switched meanwhile.
            }
        }

        run.Detach();
        var keep = run.Mode is MigrationMode.Direct ? " Keep this PowerShell session open until the migration ends: it controls the migration." : "";
        say($"'{run.Name}' already runs on {run.Destination ?? "its destination"} and fetches the rest of its memory from {run.Source}: "
            + $"aborting now would lose the VM, so the migration continues in the background. Check it with Get-VMLiveMigration.{keep}");
        return await run.Completion;
    }
}
