using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A migration between QEMUs that was interrupted → its end.</summary>
/// <param name="assumeEnded">Which of the two are said to have ended.</param>
/// <param name="forget">Whether it is only forgotten.</param>
/// <param name="output">Takes results.</param>
internal sealed class QemuEnding(string[] assumeEnded, bool forget, PipelineOutput output)
{
    internal async Task EndAsync(QemuMigrationRecord record, CancellationToken cancellationToken)
    {
        var migrations = QemuRecordFinder.Migrations;
        if (forget)
        {
            var what = $"Forget the migration of '{record.Name}' from {record.Source} to {record.Destination}, as it is";
            if (await output.ShouldProcessAsync($"{what}.", $"{what}?") && migrations.Forget(record.Id) is { } left)
                output.WriteWarning(left);
            return;
        }

        var plan = await migrations.PlanResumeAsync(record.Id, QemuSessions.All, Is("Source"), Is("Destination"), cancellationToken);
        MigrationRun? run = null;
        try
        {
            // What cannot be done from here is an error, which says why.
            if (plan.Action is not QemuResumption.ByHand && !await output.ShouldProcessAsync($"{plan}.", $"{plan}?"))
                return;
            await (output.Events?.OpenAsync() ?? Task.CompletedTask);
            run = await migrations.ResumeAsync(plan, cancellationToken);
            if (run is null)
                output.WriteWarning($"{plan}.");
            else
                await run.FollowAsync(new ProgressLines(1, "", output.WriteProgress), output, cancellationToken, mayStay: plan.Action is QemuResumption.RollBack);
        }
        finally
        {
            foreach (var process in new[] { plan.Source, plan.Destination }.Where(process => !QemuSessions.All.Contains(process)))
                await LeaveAsync(process, run);
        }
    }

    private bool Is(string side) => assumeEnded.Contains(side, StringComparer.OrdinalIgnoreCase);

    /// <summary>A QEMU that runs on stays connected, as if it had been connected by name.</summary>
    private static async Task LeaveAsync(QemuProcess process, MigrationRun? run)
    {
        if (run is not null && (process.IsConnected || MigrationRuns.Current.Contains(run)))
            await QemuSessions.KeepAsync(process);
        else
            await process.DisposeAsync();
    }
}
