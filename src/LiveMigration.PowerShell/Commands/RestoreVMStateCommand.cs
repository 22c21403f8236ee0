using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu.Saving;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>file with a state + QEMU that waits → its VM.</summary>
[Cmdlet(VerbsData.Restore, "VMState", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = OnlineHelp.Pages + "Restore-VMState.md")]
[OutputType(typeof(QemuProcess))]
public sealed class RestoreVMStateCommand : QemuCmdlet
{
    /// <summary>The file, on QEMU's host.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("LiteralPath", "PSPath", "FullName")]
    public string? Path { get; set; }

    /// <summary>The QEMU that waits.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(QemuCompleter))]
    public QemuReference Into { get; set; } = new("");

    /// <summary>The file with the key, on QEMU's host.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>A command that undoes what another did to the file, or gives the state.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Command { get; set; }

    /// <summary>The VM stays paused.</summary>
    [Parameter]
    public SwitchParameter Paused { get; set; }

    private protected override TimeSpan StopPatience => TimeSpan.FromSeconds(30);

    private protected override IReadOnlyList<QemuReference> Processes => [new QemuReference(Into.ResolveOne())];

    private protected override async Task HandleAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken)
    {
        var restoring = new StateRestoring { Path = StateOutput.Locate(this, process, Path), KeyFile = StateOutput.Locate(this, process, KeyFile), Command = Command, Paused = Paused };
        using var told = new StateOutput(output, $"Restoring {process.Name}", cancellationToken);
        var plan = await process.PlanRestoreAsync(restoring, told.Progress, cancellationToken);
        foreach (var notice in plan.Notices)
            output.WriteWarning(notice);
        var what = $"Restore {restoring.Path ?? "the state that the command gives"} into {process.Name} ({process.Address}){(plan.Runs ? "" : ", paused")}";
        if (!await output.ShouldProcessAsync($"{what}.", $"{what}?"))
            return;
        try
        {
            await plan.RunAsync(told.Progress, cancellationToken);
        }
        catch (LiveMigrationException error) when (cancellationToken.IsCancellationRequested)
        {
            output.SayWhileStopping(error.Message);
            throw;
        }

        await output.WriteObjectAsync(process);
    }
}
