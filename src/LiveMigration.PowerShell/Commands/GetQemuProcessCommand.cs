using System.Management.Automation;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>The connected QEMUs, and what they are and do.</summary>
[Cmdlet(VerbsCommon.Get, "QemuProcess", HelpUri = OnlineHelp.Pages + "Get-QemuProcess.md")]
[OutputType(typeof(QemuProcess))]
public sealed class GetQemuProcessCommand : QemuCmdlet
{
    /// <summary>The QEMUs; all connected ones by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "Domain", "Address")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(QemuCompleter))]
    public QemuReference[] Name { get; set; } = [];

    private protected override IReadOnlyList<QemuReference> Processes =>
        Name.Length > 0 ? Name : [.. QemuSessions.All.Select(process => new QemuReference(process))];

    /// <summary>One that has ended is nothing to list, and an error where it is named.</summary>
    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (Name.Length == 0)
            await QemuSessions.TidyAsync();
        await base.ProcessAsync(output, cancellationToken);
    }

    private protected override async Task HandleAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken)
    {
        await process.RefreshAsync(cancellationToken);
        await output.WriteObjectAsync(process);
    }
}
