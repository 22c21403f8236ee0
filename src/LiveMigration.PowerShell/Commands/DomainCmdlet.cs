using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet that does something with each of several domains, named or piped; a failure of one does not affect the others.</summary>
public abstract class DomainCmdlet : DomainInputCmdlet
{
    private protected abstract Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken);

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var targets = new DomainTargets(Hosts, Connected, except: null, output);
        foreach (var domain in await targets.FindAsync(TakeDomains(), cancellationToken))
        {
            try
            {
                await HandleAsync(domain, output, cancellationToken);
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(domain));
            }
        }

        WriteNotices(output);
    }
}
