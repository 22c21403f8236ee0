using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Aborts migrations, and waits until it is known that the VMs run where they were.</summary>
[Cmdlet(VerbsLifecycle.Stop, "VMLiveMigration", DefaultParameterSetName = "Name", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Stop-VMLiveMigration.md")]
[OutputType(typeof(MigrationResult))]
public sealed class StopVMLiveMigrationCommand : MigrationRunCmdlet
{
    /// <summary>Interrupt a post-copy migration, to be recovered later by Resume-VMLiveMigration.</summary>
    [Parameter]
    public SwitchParameter PausePostCopy { get; set; }

    private protected override async Task HandleAsync(IReadOnlyList<MigrationRun> runs, PipelineOutput output, CancellationToken cancellationToken)
    {
        var wanted = new List<MigrationRun>();
        foreach (var run in runs)
        {
            var what = $"{(PausePostCopy ? "Pause the post-copy of" : "Stop")} the migration {run}";
            if (await output.ShouldProcessAsync($"{what}.", $"{what}?"))
                wanted.Add(run);
        }

        await Task.WhenAll(wanted.Select(run => StopAsync(run, output, cancellationToken)));
    }

    private async Task StopAsync(MigrationRun run, PipelineOutput output, CancellationToken cancellationToken)
    {
        try
        {
            if (PausePostCopy)
            {
                await run.PausePostCopyAsync(cancellationToken);
                // Until our own call has come back, the halves cannot be joined.
                if (run is { IsForeign: false, Options.RecoverPostCopy: false })
                    await run.Completion.WaitAsync(cancellationToken);
                output.WriteWarning($"The post-copy of '{run.Name}' is paused, with one half on {run.Source} and one on {run.Destination}. Resume it with Resume-VMLiveMigration; destroy neither half.");
                return;
            }

            var result = await run.StopAsync(cancellationToken);
            foreach (var notice in result.Notices)
                output.WriteWarning(notice);
            // That it was stopped is what was asked for, and no error here.
            if (result.Outcome is MigrationOutcome.Failed && result.ToErrorRecord() is { } error)
                await output.WriteErrorAsync(error);
            else
                await output.WriteObjectAsync(result);
        }
        catch (LiveMigrationException error)
        {
            await output.WriteErrorAsync(error.ToErrorRecord(run));
        }
    }
}
