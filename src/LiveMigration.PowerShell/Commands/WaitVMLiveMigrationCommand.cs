using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>runs → results.</summary>
[Cmdlet(VerbsLifecycle.Wait, "VMLiveMigration", DefaultParameterSetName = "Name",
    HelpUri = OnlineHelp.Pages + "Wait-VMLiveMigration.md")]
[OutputType(typeof(MigrationResult))]
public sealed class WaitVMLiveMigrationCommand : MigrationRunCmdlet
{
    /// <summary>The longest time to wait; no limit by default.</summary>
    [Parameter]
    [SecondsTransformation]
    public Duration? Timeout { get; set; }

    /// <summary>The file that each event is appended to, as a line of JSON.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EventLog { get; set; }

    /// <summary>What is done with each event, in the pipeline of this command.</summary>
    [Parameter]
    public ScriptBlock? OnEvent { get; set; }

    private protected override async Task HandleAsync(IReadOnlyList<MigrationRun> runs, PipelineOutput output, CancellationToken cancellationToken)
    {
        output.Events = EventOutput.Of(this, EventLog, OnEvent, output);
        await (output.Events?.OpenAsync() ?? Task.CompletedTask);
        var lines = new ProgressLines(runs.Count, "Waiting for migrations", output.WriteProgress);
        using var patience = new CancellationTokenSource();
        if (Timeout is { } timeout)
            patience.CancelAfter(timeout);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        await Task.WhenAll(runs.Select(run => WaitAsync(run, lines, output, both.Token)));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task WaitAsync(MigrationRun run, ProgressLines lines, PipelineOutput output, CancellationToken cancellationToken)
    {
        try
        {
            await run.ShowAsync(lines, output, cancellationToken);
        }
        catch (OperationCanceledException) when (Stopping)
        {
            output.SayWhileStopping($"The migration of '{run.Name}' continues; stop it with Stop-VMLiveMigration.");
        }
        catch (OperationCanceledException)
        {
            lines.End(run);
            var still = new LiveMigrationException(CmdletFaults.StillMigrating, $"'{run.Name}' is still migrating after {Timeout}: {ProgressText.Status(run.Progress)}.", run.Source);
            await output.WriteErrorAsync(still.ToErrorRecord(run));
        }
    }
}
