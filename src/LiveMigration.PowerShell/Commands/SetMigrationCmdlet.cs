using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet that sets something for the migration of each domain, and with -PassThru writes what holds then.</summary>
public abstract class SetMigrationCmdlet : DomainCmdlet
{
    /// <summary>Return the new settings.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is set, for example <c>migration downtime</c>.</summary>
    private protected abstract string What { get; }

    /// <summary>What it is set to, in words.</summary>
    private protected abstract string To { get; }

    /// <summary>Whether it goes through libvirt's monitor.</summary>
    private protected virtual bool Taints => false;

    /// <summary>Sets it; what holds then is asked for with -PassThru only, where asking costs something.</summary>
    private protected abstract Task<object?> SetAsync(LibvirtDomain domain, CancellationToken cancellationToken);

    /// <summary>The same for the migration of a QEMU without libvirt.</summary>
    private protected virtual Task<object?> SetAsync(MigrationRun run, CancellationToken cancellationToken) => Task.FromResult<object?>(null);

    private protected override async Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken)
    {
        if (!await MayAsync($"Set the {What} of '{domain}' on {domain.HostName} to {To}{(Taints ? ", which taints the VM" : "")}", output))
            return;
        if (Taints)
            MonitorTaint.Tell(domain, output);
        var now = await SetAsync(domain, cancellationToken);
        if (PassThru)
            await output.WriteObjectAsync(now!);
    }

    private protected override async Task HandleAsync(MigrationRun run, PipelineOutput output, CancellationToken cancellationToken)
    {
        if (!await MayAsync($"Set the {What} of '{run.Name}' on {run.Source} to {To}", output))
            return;
        var now = await SetAsync(run, cancellationToken);
        if (PassThru)
            await output.WriteObjectAsync(now!);
    }

    private static Task<bool> MayAsync(string what, PipelineOutput output) => output.ShouldProcessAsync($"{what}.", $"{what}?");
}
