using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Jobs;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domains + destination → plans → runs → results.</summary>
[Cmdlet(VerbsLifecycle.Start, "VMLiveMigration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MigrationResult), typeof(Job))]
public sealed class StartVMLiveMigrationCommand : MigrationOptionsCmdlet
{
    private readonly List<DomainReference> _domains = [];
    private LibvirtHost _destination = null!;

    /// <summary>Which VMs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("VMName", "Domain")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>Where they go.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("DestinationHost")]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference Destination { get; set; } = null!;

    /// <summary>Where they are; found on the connected hosts by default.</summary>
    [Parameter(Position = 2)]
    [Alias("Host", "ComputerName")]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>How many at once.</summary>
    [Parameter]
    [ValidateRange(1, 12)]
    public int ThrottleLimit { get; set; } = 2;

    /// <summary>Go on in the background.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>An abort that the daemons cannot answer takes the core up to a minute to judge.</summary>
    private protected override TimeSpan StopPatience => TimeSpan.FromSeconds(75);

    private protected override async Task BeginAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        Options.Validate();
        _destination = await Hosts.ResolveAsync(Destination, cancellationToken);
    }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _domains.AddRange(Name);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var sources = new DomainTargets(Hosts, HostName, except: _destination, output);
        var domains = await sources.FindAsync(_domains, cancellationToken);
        var batch = new MigrationBatch(_destination, Options, ThrottleLimit, output);
        var plans = await batch.PlanAsync(domains, cancellationToken);
        WriteNotices(output);
        if (plans.Count == 0)
            return;
        if (AsJob)
            await StartJobAsync(plans, output);
        else
            await batch.RunAsync(plans, cancellationToken);
    }

    private Task StartJobAsync(IReadOnlyList<Planning.MigrationPlan> plans, PipelineOutput output)
    {
        var job = new MigrationJob(MyInvocation.Line.Trim(), plans, ThrottleLimit);
        JobRepository.Add(job);
        job.Start();
        return output.WriteObjectAsync(job);
    }
}
