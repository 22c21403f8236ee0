using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu;
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
    private readonly List<QemuProcess> _processes = [];
    private ReadinessAudit _audit = null!;
    private QemuReadinessAudit _qemuAudit = null!;

    /// <summary>The VMs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Parameter(Position = 0, ParameterSetName = "Pipeline")]
    [Alias("VMName", "Domain", "DomainName", "Uuid")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>The QEMU without libvirt that a VM would leave.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Qemu")]
    public QemuProcess[] QemuProcess { get; set; } = [];

    /// <summary>The destination hosts, or the QEMUs that wait for the VM.</summary>
    [Parameter(ParameterSetName = "Qemu")]
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

    /// <summary>The folder of the certificates, on both hosts.</summary>
    [Parameter(ParameterSetName = "Qemu")]
    [ValidateNotNullOrEmpty]
    public string? TlsFolder { get; set; }

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
        var policy = Policy?.Resolve(this.ToFile);
        _audit = new ReadinessAudit(policy, selection, AllowMonitor);
        _qemuAudit = new QemuReadinessAudit(policy, selection);
        return Task.CompletedTask;
    }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (ParameterSetName == "Qemu")
            _processes.AddRange(QemuProcess);
        else
            _targets.AddRange(MigrationTarget.Of(On(Named(Name, InputObject), HostName), On(InputObject, HostName), Destination, IsTyped(nameof(Destination)), several: true));
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (ParameterSetName == "Qemu")
        {
            await TestQemuAsync(output, cancellationToken);
            return;
        }

        var pairs = await MigrationTarget.FindAsync(_targets, Hosts, Connected, output, cancellationToken);
        RefuseForSeveral(pairs.DistinctBy(pair => (pair.Domain.Uuid, pair.Domain.Host)).Count(), oneAfterAnother: true);
        var reports = new ReadinessReport?[pairs.Count];
        var limit = new ParallelOptions { MaxDegreeOfParallelism = ThrottleLimit, CancellationToken = cancellationToken };
        await System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(0, pairs.Count), limit, async (index, stop) =>
            reports[index] = await TestAsync(pairs[index].Domain, () => _audit.TestAsync(pairs[index].Domain, pairs[index].Destination, Options, stop), output));
        WriteNotices(output);
        if (Quiet)
            await output.WriteObjectAsync(reports.Length > 0 && reports.All(report => report is { IsReady: true }));
    }

    private async Task TestQemuAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (IsTyped(nameof(HostName)))
            throw new LiveMigrationException(Faults.ContradictingOptions, "-HostName is for VMs of libvirt.");
        if (Destination.Length == 0)
            throw new LiveMigrationException(CmdletFaults.NoDestination, $"No destination was specified for '{string.Join(", ", _processes)}': -Destination is the QEMU that waits for it.");
        var reports = new List<ReadinessReport?>();
        foreach (var source in _processes)
        {
            foreach (var reference in Destination)
            {
                var destination = reference.Process ?? new QemuReference(reference.Text).ResolveOne();
                reports.Add(await TestAsync(source, () => _qemuAudit.TestAsync(source, destination, Options, TlsFolder, cancellationToken), output));
            }
        }

        if (Quiet)
            await output.WriteObjectAsync(reports.Count > 0 && reports.All(report => report is { IsReady: true }));
    }

    private async Task<ReadinessReport?> TestAsync(object vm, Func<Task<ReadinessReport>> test, PipelineOutput output)
    {
        try
        {
            var report = await test();
            if (!Quiet)
                await output.WriteObjectAsync(report);
            return report;
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            await output.WriteErrorAsync(error.ToErrorRecord(vm));
            return null;
        }
    }
}
