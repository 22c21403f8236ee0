using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Balancing;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Policy;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>a group of hosts → plan that balances, packs or spreads their VMs.</summary>
[Cmdlet(VerbsCommon.New, "BalancePlan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, HelpUri = OnlineHelp.Pages + "New-BalancePlan.md")]
[OutputType(typeof(EvacuationPlan))]
public sealed class NewBalancePlanCommand : EvacuationOptionsCmdlet
{
    private readonly List<HostReference> _named = [];
    private PlanFile? _file;

    /// <summary>The hosts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>What is to be reached.</summary>
    [Parameter]
    [ValidateSet(nameof(EvacuationGoal.Balance), nameof(EvacuationGoal.Pack), nameof(EvacuationGoal.Spread))]
    public EvacuationGoal Goal { get; set; } = EvacuationGoal.Balance;

    /// <summary>The imbalance above which hosts are balanced.</summary>
    [Parameter]
    [ValidateRange(0.001, 1.0)]
    public double Threshold { get; set; } = new BalanceOptions().Threshold;

    /// <summary>For how long the loads are measured.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime(1)]
    public Duration Duration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>In which time a move has to pay off.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime(1)]
    public Duration Payback { get; set; } = new BalanceOptions().Payback;

    /// <summary>How many VMs may move.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxMoves { get; set; }

    /// <summary>How many hosts may fail when VMs are packed.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Keep { get; set; }

    /// <summary>How busy the CPUs of a destination may be, in percent.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int MaxCpu { get; set; } = (int)(new BalanceOptions().MaxCpu * 100);

    /// <summary>How many virtual CPUs there may be for each CPU of a host.</summary>
    [Parameter]
    [ValidateRange(0.01, 1000.0)]
    public double? CpuOvercommit { get; set; }

    /// <summary>How much CPU counts in the imbalance.</summary>
    [Parameter]
    [ValidateRange(0.0, 1000.0)]
    public double CpuWeight { get; set; } = new BalanceOptions().CpuWeight;

    /// <summary>How much memory counts in the imbalance.</summary>
    [Parameter]
    [ValidateRange(0.0, 1000.0)]
    public double MemoryWeight { get; set; } = new BalanceOptions().MemoryWeight;

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
        // Of VMs in the pipeline only their hosts would be left, and other VMs could move.
        if (HostName.FirstOrDefault(host => host.OfDomain is not null) is { } vm)
            throw new LiveMigrationException(CmdletFaults.InvalidHost, $"'{vm.OfDomain}' is a VM, but {MyInvocation.MyCommand.Name} plans for whole hosts. Name its host: -HostName {vm}.", vm.Text);
        if (MyInvocation.ExpectingInput && IsTyped("HostName"))
            throw new LiveMigrationException(Faults.ContradictingOptions, $"Hosts were both named ({string.Join(", ", HostName.AsEnumerable())}) and piped in: do one or the other.");
        _named.AddRange(HostName);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        // A plan for a part of the group would load what is left without knowing the rest.
        if (_named.Count > 0 && await ResolveGroupAsync(_named, output, cancellationToken) is ({ Count: > 0 } hosts, { Count: 0 }))
        {
            var description = Fleet?.Resolve(this.ToFile) ?? FleetDescription.None;
            var policy = Amend(new EvacuationPolicy());
            var (plan, fleet) = await BalanceSurvey.PlanAsync(hosts, Wanted(policy), Amend(new EvacuationOptions()), policy, description, Duration, MeasureDirtyRate, cancellationToken);
            if (fleet.Hosts.Count(host => !host.IsInMaintenance) == 1)
                output.WriteWarning("Only one of these hosts is not in maintenance or being evacuated: there is nowhere to move VMs to.");
            foreach (var name in description.StrangersTo(fleet))
                output.WriteVerbose($"The fleet description of '{name}' matches none of these hosts and their VMs.");
            if (_file is not null)
                await _file.WriteAsync(plan, output, cancellationToken);
            await output.WriteObjectAsync(plan);
        }

        WriteNotices(output);
    }

    private BalanceOptions Wanted(EvacuationPolicy policy) => new()
    {
        Goal = Goal,
        Threshold = Threshold,
        Payback = Payback,
        MaxMoves = MaxMoves,
        Keep = Keep,
        MaxCpu = MaxCpu / 100.0,
        CpuOvercommit = CpuOvercommit,
        CpuWeight = CpuWeight,
        MemoryWeight = MemoryWeight,
        AllowNotConverging = policy.AutoConverge || policy.PostCopy,
    };
}
