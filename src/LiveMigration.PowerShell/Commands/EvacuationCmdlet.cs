using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet for an evacuation that was begun: by its id, or the latest one that it makes sense for.</summary>
public abstract class EvacuationCmdlet : HostCmdlet
{
    /// <summary>The evacuation.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(EvacuationCompleter))]
    public EvacuationReference? Id { get; set; }

    /// <summary>Which one is meant when none is named.</summary>
    private protected abstract bool IsMeant(HostEvacuation evacuation);

    private protected abstract Task HandleAsync(HostEvacuation evacuation, PipelineOutput output, CancellationToken cancellationToken);

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (Id?.HostName is { } host)
            throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"'{host}' is a host, not an evacuation. Get-HostEvacuation -HostName {host} lists its evacuations.", host);
        var evacuation = Id is not null ? UserState.Evacuations.Get(Id.Text)
            : UserState.Evacuations.Ids.Reverse().Select(UserState.Evacuations.Get).FirstOrDefault(IsMeant)
            ?? throw new LiveMigrationException(Faults.EvacuationNotFound, "No matching evacuation was found.");
        await HandleAsync(evacuation, output, cancellationToken);
        WriteNotices(output);
    }
}
