using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet that does something with each of several connected QEMUs; a failure of one does not affect the others.</summary>
public abstract class QemuCmdlet : AsyncCmdlet
{
    /// <summary>The QEMUs.</summary>
    private protected abstract IReadOnlyList<QemuReference> Processes { get; }

    private protected abstract Task HandleAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken);

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        foreach (var reference in Processes)
        {
            try
            {
                foreach (var process in reference.Resolve())
                    await TryAsync(process, output, cancellationToken);
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(reference.Text));
            }
        }
    }

    private protected async Task TryAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken)
    {
        try
        {
            await HandleAsync(process, output, cancellationToken);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            await output.WriteErrorAsync(error.ToErrorRecord(process));
        }
    }
}
