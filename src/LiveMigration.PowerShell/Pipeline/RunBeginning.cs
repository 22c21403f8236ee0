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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Waits until it is begun, for some seconds at most.</summary>
    internal static async Task BegunAsync(this MigrationRun run, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; run.Progress.Phase is MigrationPhase.Starting && !run.Completion.IsCompleted && waited < Patience; waited += Step)
            await Task.Delay(Step, cancellationToken);
    }
}
