using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Closes the monitors of QEMUs, which run on, and forgets them.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "QemuProcess", SupportsShouldProcess = true, HelpUri = OnlineHelp.Pages + "Disconnect-QemuProcess.md")]
[OutputType(typeof(void))]
public sealed class DisconnectQemuProcessCommand : QemuCmdlet
{
    /// <summary>The QEMUs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "Domain", "Address")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(QemuCompleter))]
    public QemuReference[] Name { get; set; } = [];

    private protected override IReadOnlyList<QemuReference> Processes => Name;

    private protected override async Task HandleAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken)
    {
        if (QemuSessions.Migrations(process).FirstOrDefault() is { } run)
            throw new LiveMigrationException(CmdletFaults.HostInUse, $"{process.Address} stays connected: the migration of '{run.Name}' uses it.", process.HostName);
        if (await output.ShouldProcessAsync($"Disconnect {process.Name} ({process.Address}).", $"Disconnect {process.Name} ({process.Address})?"))
            await QemuSessions.DisconnectAsync(process);
    }
}
