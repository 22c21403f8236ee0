using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet that does something with each of several domains, named or piped; a failure of one does not affect the others.</summary>
public abstract class DomainCmdlet : DomainInputCmdlet
{
    private protected abstract Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken);

    /// <summary>Whether it can do so with the migration of a QEMU without libvirt, too.</summary>
    private protected virtual bool TakesQemu => false;

    /// <summary>Does it with the migration of a QEMU without libvirt.</summary>
    private protected virtual Task HandleAsync(MigrationRun run, PipelineOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var names = TakeDomains();
        if (TakesQemu)
        {
            var runs = MigrationFinder.OfQemu(IsTyped(nameof(HostName)) ? [.. names.Where(name => name.Run is not null)] : names);
            foreach (var run in names.Count == 0 ? [] : runs)
                await TryAsync(() => HandleAsync(run, output, cancellationToken), run, output);
            names = MigrationFinder.Without(names, runs);
            if (names.FirstOrDefault(name => name.Run is not null)?.Run is { } ended)
                throw new LiveMigrationException(Faults.NoMigration, $"The migration of '{ended.Name}' has ended.", ended.Source);
            // Without a host, a pattern is of QEMUs alone.
            if (names.Count == 0 || (runs.Count > 0 && HostSessions.All.Count == 0))
                return;
        }

        var targets = new DomainTargets(Hosts, Connected, except: null, output);
        foreach (var domain in await targets.FindAsync(names, cancellationToken))
            await TryAsync(() => HandleAsync(domain, output, cancellationToken), domain, output);
        WriteNotices(output);
    }

    private static async Task TryAsync(Func<Task> handle, object target, PipelineOutput output)
    {
        try
        {
            await handle();
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            await output.WriteErrorAsync(error.ToErrorRecord(target));
        }
    }
}
