using System.Management.Automation;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Policy;

namespace LiveMigration.PowerShell.Commands;

/// <summary>hosts to empty → plan.</summary>
[Cmdlet(VerbsCommon.New, "EvacuationPlan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, HelpUri = OnlineHelp.Pages + "New-EvacuationPlan.md")]
[OutputType(typeof(EvacuationPlan))]
public sealed class NewEvacuationPlanCommand : HostsToEmptyCmdlet
{
    private PlanFile? _file;

    /// <summary>The hosts to evacuate.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>The destination hosts; all other connected hosts by default.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("DestinationHost")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] Destination { get; set; } = [];

    /// <summary>A file that gets the plan, too, to be read, edited and carried out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>Replace an existing file without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Do not replace an existing file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>The hosts are not asked for a plan that could not be written.</summary>
    private protected override Task BeginAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (OutFile is not null)
            _file = new PlanFile(this, OutFile, Force, NoClobber);
        return Task.CompletedTask;
    }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        Take(HostName, Destination);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (await ResolveRowsAsync(output, cancellationToken) is var (sources, named))
        {
            var plan = await PlanAsync(sources, named, output, cancellationToken);
            if (_file is not null)
                await _file.WriteAsync(plan, output, cancellationToken);
            await output.WriteObjectAsync(plan);
        }

        WriteNotices(output);
    }
}
