using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domains → how fast they dirty their memory, as a stream.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "DirtyRate", DefaultParameterSetName = "Pipeline", HelpUri = OnlineHelp.Pages + "Measure-DirtyRate.md")]
[OutputType(typeof(DirtyRate))]
public sealed class MeasureDirtyRateCommand : DomainInputCmdlet
{
    private readonly List<DomainReference> _names = [];

    /// <summary>The measuring period; several periods give the working-set curve.</summary>
    [Parameter(Position = 1)]
    [SecondsTransformation]
    [ShortestTime(1)]
    public Duration[] Period { get; set; } = [TimeSpan.FromSeconds(1)];

    /// <summary>The number of measurements.</summary>
    [Parameter]
    [Alias("Count")]
    [ValidateRange(1, int.MaxValue)]
    public int Repeat { get; set; } = 1;

    /// <summary>The method.</summary>
    [Parameter]
    public DirtyRateMode Mode { get; set; }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _names.AddRange(TakeDomains());
        return Task.CompletedTask;
    }

    /// <summary>All VMs at once: each is measured by its own QEMU.</summary>
    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var targets = new DomainTargets(Hosts, Connected, except: null, output);
        await Task.WhenAll((await targets.FindAsync(_names, cancellationToken)).Select(domain => MeasureAsync(domain, output, cancellationToken)));
        WriteNotices(output);
    }

    private async Task MeasureAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken)
    {
        try
        {
            for (var turn = 0; turn < Repeat; turn++)
            {
                foreach (var period in Period)
                    await output.WriteObjectAsync(await domain.MeasureDirtyRateAsync(period, Mode, cancellationToken));
            }
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            await output.WriteErrorAsync(error.ToErrorRecord(domain));
        }
    }
}
