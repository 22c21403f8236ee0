using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domains + destinations → readiness.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MigrationReadiness", DefaultParameterSetName = "Pipeline", HelpUri = OnlineHelp.Pages + "Test-MigrationReadiness.md")]
[OutputType(typeof(ReadinessReport), typeof(bool))]
public sealed class TestMigrationReadinessCommand : MigrationOptionsCmdlet
{
    private readonly List<MigrationTarget> _targets = [];
    private ReadinessAudit _audit = null!;

    /// <summary>The VMs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Parameter(Position = 0, ParameterSetName = "Pipeline")]
    [Alias("VMName", "Domain", "DomainName", "Uuid")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>The destination hosts.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Pipeline")]
    [Alias("DestinationHost")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] Destination { get; set; } = [];

    /// <summary>VMs from the pipeline; the first positional argument is then the destination.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Pipeline")]
    public DomainReference[] InputObject { get; set; } = [];

    /// <summary>The hosts of the VMs; by default they are searched on all connected hosts.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Source")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>Only these checks.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CheckCompleter))]
    public string[] Check { get; set; } = [];

    /// <summary>Not these checks.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CheckCompleter))]
    public string[] ExcludeCheck { get; set; } = [];

    /// <summary>Only checks about this.</summary>
    [Parameter]
    public CheckCategory[] Category { get; set; } = [];

    /// <summary>The readiness policy of the site.</summary>
    [Parameter]
    [SupportsWildcards]
    public ReadinessPolicyReference? Policy { get; set; }

    /// <summary>Ask the VM's QEMU itself.</summary>
    [Parameter]
    public SwitchParameter AllowMonitor { get; set; }

    /// <summary>How many VMs are tested at a time.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    /// <summary>Return only whether all VMs are ready.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override Task BeginAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        Options.Validate();
        var selection = new ReadinessSelection { Checks = Check, Excluded = ExcludeCheck, Categories = Category };
        if (selection.Strangers is [var stranger, ..])
            throw new LiveMigrationException(CmdletFaults.CheckNotFound, $"Check '{stranger}' was not found.");
        _audit = new ReadinessAudit(Policy?.Resolve(this.ToFile), selection, AllowMonitor);
        return Task.CompletedTask;
    }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _targets.AddRange(MigrationTarget.Of(On(Named(Name, InputObject), HostName), On(InputObject, HostName), Destination, IsTyped(nameof(Destination)), several: true));
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var pairs = await MigrationTarget.FindAsync(_targets, Hosts, Connected, output, cancellationToken);
        RefuseForSeveral(pairs.DistinctBy(pair => (pair.Domain.Uuid, pair.Domain.Host)).Count(), oneAfterAnother: true);
        var reports = new ReadinessReport?[pairs.Count];
        var limit = new ParallelOptions { MaxDegreeOfParallelism = ThrottleLimit, CancellationToken = cancellationToken };
        await System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(0, pairs.Count), limit, async (index, stop) =>
            reports[index] = await TestAsync(pairs[index].Domain, pairs[index].Destination, output, stop));
        WriteNotices(output);
        if (Quiet)
            await output.WriteObjectAsync(reports.Length > 0 && reports.All(report => report is { IsReady: true }));
    }

    private async Task<ReadinessReport?> TestAsync(
        LibvirtDomain domain, LibvirtHost destination, PipelineOutput output, CancellationToken cancellationToken)
    {
        try
        {
            var report = await _audit.TestAsync(domain, destination, Options, cancellationToken);
            if (!Quiet)
                await output.WriteObjectAsync(report);
            return report;
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            await output.WriteErrorAsync(error.ToErrorRecord(domain));
            return null;
        }
    }
}
