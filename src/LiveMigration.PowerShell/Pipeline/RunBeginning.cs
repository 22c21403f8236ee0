using System.Diagnostics;
using LiveMigration.Migration;
using LiveMigration.Monitoring;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>
/// libvirt knows a migration before QEMU has begun it. In between a switch to post-copy is refused, and a limit is overwritten by the
/// one that the migration was started with.
/// </summary>
internal static class RunBeginning
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>For a migration of somebody else, which nobody here aborts when it does not get ready.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Waits until it has begun, as long as the destination may prepare.</summary>
    internal static async Task BegunAsync(this MigrationRun run, CancellationToken cancellationToken)
    {
        var (patience, waited) = (run.IsForeign ? Patience : run.Options.PrepareTimeout.Value, Stopwatch.StartNew());
        while (run.Progress.Phase is MigrationPhase.Starting && !run.Completion.IsCompleted && waited.Elapsed < patience)
            await Task.Delay(Step, cancellationToken);
    }
}
