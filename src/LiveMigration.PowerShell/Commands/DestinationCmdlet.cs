using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet that does something with each of several domains and the host where it goes; a failure of one does not affect the others.</summary>
public abstract class DestinationCmdlet : DomainInputCmdlet
{
    /// <summary>The destination host.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Pipeline")]
    [Alias("DestinationHost")]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference? Destination { get; set; }

    private protected abstract Task HandleAsync(LibvirtDomain domain, LibvirtHost destination, PipelineOutput output, CancellationToken cancellationToken);

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        MigrationTarget[] targets =
            [.. MigrationTarget.Of(On(Named(Name, InputObject), HostName), On(InputObject, HostName), Destination is null ? [] : [Destination], IsTyped(nameof(Destination)))];
        foreach (var (domain, destination) in await MigrationTarget.FindAsync(targets, Hosts, Connected, output, cancellationToken))
        {
            try
            {
                await HandleAsync(domain, destination, output, cancellationToken);
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(domain));
            }
        }

        WriteNotices(output);
    }
}
