using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Commands;

/// <summary>readiness reports → what of it can be repaired, repaired.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "MigrationReadiness", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Repair-MigrationReadiness.md")]
[OutputType(typeof(ReadinessFinding))]
public sealed class RepairMigrationReadinessCommand : AsyncCmdlet
{
    private readonly HashSet<string?> _done = [];

    /// <summary>What was found.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public ReadinessReport[] Report { get; set; } = [];

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var found = Report.SelectMany(report => report.Findings)
            .Where(finding => finding is { RepairAction: not null, Status: CheckStatus.Fail or CheckStatus.Warning });
        foreach (var finding in found)
        {
            // What is in the way of several VMs is repaired once.
            if (_done.Add(finding.Fix) && await output.ShouldProcessAsync($"{finding.RepairAction}.", $"{finding.RepairAction}?"))
                await RepairAsync(finding, output, cancellationToken);
        }
    }

    private static async Task RepairAsync(ReadinessFinding finding, PipelineOutput output, CancellationToken cancellationToken)
    {
        try
        {
            await finding.RepairAsync(cancellationToken);
            await output.WriteObjectAsync(finding);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            await output.WriteErrorAsync(error.ToErrorRecord(finding));
        }
    }
}
