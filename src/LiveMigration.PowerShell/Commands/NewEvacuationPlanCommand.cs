using System.Management.Automation;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>hosts to empty → plan.</summary>
[Cmdlet(VerbsCommon.New, "EvacuationPlan")]
[OutputType(typeof(EvacuationPlan))]
public sealed class NewEvacuationPlanCommand : HostCmdlet
{
    private readonly List<HostReference> _sources = [];

    /// <summary>Which hosts to empty.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Host", "ComputerName", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>Which hosts may receive; the other connected ones by default.</summary>
    [Parameter(Position = 1)]
    [Alias("DestinationHost")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] Destination { get; set; } = [];

    /// <summary>What migrations may use of each host's link together.</summary>
    [Parameter]
    [BandwidthTransformation]
    public Bandwidth Bandwidth { get; set; } = new EvacuationOptions().Bandwidth;

    /// <summary>How many VMs may leave a host at a time.</summary>
    [Parameter]
    [Alias("ThrottleLimit")]
    [ValidateRange(1, int.MaxValue)]
    public int MaxOutgoing { get; set; } = new EvacuationOptions().MaxOutgoing;

    /// <summary>How many VMs may reach a host at a time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxIncoming { get; set; } = new EvacuationOptions().MaxIncoming;

    /// <summary>What stays free of each receiving host's memory, in percent.</summary>
    [Parameter]
    [ValidateRange(0, 99)]
    public int Headroom { get; set; } = new EvacuationOptions().Headroom;

    /// <summary>Move VMs between receiving hosts where that makes room.</summary>
    [Parameter]
    public SwitchParameter MakeRoom { get; set; }

    /// <summary>For how long to measure first how fast the VMs change their memory.</summary>
    [Parameter]
    [DurationTransformation]
    public Duration? MeasureDirtyRate { get; set; }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _sources.AddRange(HostName);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var sources = await ResolveAsync(_sources, output, cancellationToken);
        var named = Destination.Length > 0 ? await ResolveAsync(Destination, output, cancellationToken) : await Connected.TakeAsync(output.WriteWarning, cancellationToken);
        if (sources.Count > 0)
        {
            // A wildcard for all hosts means all others.
            LibvirtHost[] destinations = [.. named.Except(sources)];
            var fleet = await FleetSurvey.ReadAsync(sources, destinations, options: null, MeasureDirtyRate, MakeRoom, cancellationToken);
            await output.WriteObjectAsync(EvacuationPlanner.Plan(fleet, [.. sources.Select(source => source.Name)], Options(destinations)));
        }

        WriteNotices(output);
    }

    private EvacuationOptions Options(IEnumerable<LibvirtHost> destinations) => new()
    {
        Destinations = [.. destinations.Select(host => host.Name)],
        Bandwidth = Bandwidth,
        MaxOutgoing = MaxOutgoing,
        MaxIncoming = MaxIncoming,
        Headroom = Headroom,
        MakeRoom = MakeRoom,
    };
}
