using System.Management.Automation;
using LiveMigration.Migration;
using LiveMigration.Migration.History;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>The migrations that this user's processes on this machine carried out or watched, and that have ended.</summary>
[Cmdlet(VerbsCommon.Get, "VMMigrationHistory", HelpUri = OnlineHelp.Pages + "Get-VMMigrationHistory.md")]
[OutputType(typeof(MigrationRecord))]
public sealed class GetVMMigrationHistoryCommand : HistoryCmdlet
{
    /// <summary>Only migrations that ended so.</summary>
    [Parameter]
    public MigrationOutcome[] Outcome { get; set; } = [];

    /// <summary>Only so many, the latest.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Newest { get; set; }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var all = Array.FindAll(Found, record => Outcome.Length == 0 || Outcome.Contains(record.Outcome));
        await output.WriteObjectsAsync(Newest is { } newest ? all[^Math.Min(newest, all.Length)..] : all);
    }
}
