using System.Management.Automation;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Policy;

namespace LiveMigration.PowerShell.Commands;

/// <summary>hosts to empty → plan.</summary>
[Cmdlet(VerbsCommon.New, "EvacuationPlan", HelpUri = OnlineHelp.Pages + "New-EvacuationPlan.md")]
[OutputType(typeof(EvacuationPlan))]
public sealed class NewEvacuationPlanCommand : EvacuationOptionsCmdlet
{
    private readonly List<HostReference> _sources = [];
    private readonly List<HostReference> _destinations = [];

    /// <summary>Which hosts to empty.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>Which hosts may receive; the other connected ones by default.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("DestinationHost")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] Destination { get; set; } = [];

    /// <summary>A file that gets the plan, too, to be read, edited and carried out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        CheckSources(HostName);
        _sources.AddRange(HostName);
        _destinations.AddRange(Destination);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var file = OutFile is null ? null : GetUnresolvedProviderPathFromPSPath(OutFile);
        var sources = await ResolveSourcesAsync(_sources, output, cancellationToken);
        var named = _destinations.Count > 0 ? await ResolveAsync(_destinations, output, cancellationToken) : await Connected.TakeAsync(output.WriteWarning, cancellationToken);
        if (sources.Count > 0)
        {
            var plan = await PlanAsync(sources, named, output, cancellationToken);
            if (file is not null)
                await File.WriteAllTextAsync(file, EvacuationPlanYaml.Write(plan), cancellationToken);
            await output.WriteObjectAsync(plan);
        }

        WriteNotices(output);
    }
}
