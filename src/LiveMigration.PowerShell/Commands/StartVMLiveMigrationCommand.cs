using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.Monitoring.Policies;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Jobs;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Policy;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domains + destination → plans → runs → results.</summary>
[Cmdlet(VerbsLifecycle.Start, "VMLiveMigration", DefaultParameterSetName = "Pipeline", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Start-VMLiveMigration.md")]
[OutputType(typeof(MigrationResult), typeof(Job))]
public sealed class StartVMLiveMigrationCommand : MigrationOptionsCmdlet
{
    private readonly List<MigrationTarget> _targets = [];
    private readonly List<QemuProcess> _processes = [];
    private MigrationPolicy? _policy;
    private ReadinessSelection? _blockers;

    /// <summary>The VMs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Parameter(Position = 0, ParameterSetName = "Pipeline")]
    [Alias("VMName", "Domain", "DomainName", "Uuid")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>The QEMU without libvirt that a VM leaves.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Qemu")]
    public QemuProcess[] QemuProcess { get; set; } = [];

    /// <summary>The destination host, or the QEMU that waits for the VM.</summary>
    [Parameter(ParameterSetName = "Qemu")]
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Pipeline")]
    [Alias("DestinationHost")]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference? Destination { get; set; }

    /// <summary>The VMs that the pipeline brings; then what is typed first is where they go.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Pipeline")]
    public DomainReference[] InputObject { get; set; } = [];

    /// <summary>The hosts of the VMs; by default they are searched on all connected hosts.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Source")]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>The folder of the certificates, on both hosts.</summary>
    [Parameter(ParameterSetName = "Qemu")]
    [ValidateNotNullOrEmpty]
    public string? TlsFolder { get; set; }

    /// <summary>How many VMs are migrated at a time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; } = 2;

    /// <summary>The policy for migrations that do not converge.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PolicyCompleter))]
    public PolicyReference? Policy { get; set; }

    /// <summary>Readiness checks to skip.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CheckCompleter))]
    public string[] SkipReadiness { get; set; } = [];

    /// <summary>The file that each event is appended to, as a line of JSON.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EventLog { get; set; }

    /// <summary>What is done with each event, in the pipeline of this command.</summary>
    [Parameter]
    public ScriptBlock? OnEvent { get; set; }

    /// <summary>Run in the background, as a job.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>As many as asked for, or else as the policy says.</summary>
    private int AtOnce => MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) || _policy?.ConcurrentMigrations is not { } several
        ? ThrottleLimit
        : several;

    /// <summary>An abort that the daemons cannot answer takes the core up to a minute to judge.</summary>
    private protected override TimeSpan StopPatience => TimeSpan.FromSeconds(75);

    private protected override Task BeginAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _blockers = Blockers();
        _policy = Policy?.Resolve(this.ToFile);
        // A policy may add what is missing; then each plan is checked.
        if (_policy is null)
            Options.Validate();
        return Task.CompletedTask;
    }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (ParameterSetName == "Qemu")
            _processes.AddRange(QemuProcess);
        else
            _targets.AddRange(MigrationTarget.Of(On(Named(Name, InputObject), HostName), On(InputObject, HostName), Destination is null ? [] : [Destination], IsTyped(nameof(Destination))));
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        output.Events = EventOutput.Of(this, EventLog, OnEvent, output, AsJob);
        if (ParameterSetName == "Qemu")
        {
            await MigrateQemuAsync(output, cancellationToken);
            return;
        }

        var migrations = await MigrationTarget.FindAsync(_targets, Hosts, Connected, output, cancellationToken);
        RefuseForSeveral(migrations.Count, oneAfterAnother: AtOnce == 1);
        var intent = new MigrationIntent(Options, _policy, _blockers);
        var batch = new MigrationBatch(intent, AtOnce, output);
        var plans = await batch.PlanAsync(migrations, cancellationToken);
        WriteNotices(output);
        if (plans.Count == 0)
            return;
        await (output.Events?.OpenAsync() ?? Task.CompletedTask);
        if (AsJob)
            await StartJobAsync(new MigrationJob(MyInvocation.Line.Trim(), intent, plans, AtOnce), output);
        else
            await batch.RunAsync(plans, cancellationToken);
    }

    private async Task MigrateQemuAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (IsTyped(nameof(HostName)))
            throw new LiveMigrationException(Faults.ContradictingOptions, "-HostName is for VMs of libvirt.");
        if (_processes.Distinct().Count() != 1)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"The QEMU at the destination can take one VM only, not {string.Join(" and ", _processes.Distinct())}. Nothing was started.");
        if (Destination is null)
            throw new LiveMigrationException(CmdletFaults.NoDestination, $"No destination was specified for '{_processes[0]}': -Destination is the QEMU that waits for it.");
        var (source, destination) = (_processes[0], Destination.Process ?? new QemuReference(Destination.Text).ResolveOne());
        var migration = await QemuIntent.PlanAsync(source, destination, Options, TlsFolder, _policy, _blockers, cancellationToken);
        if (!await output.ShouldProcessAsync($"{migration.Plan}.", $"{migration.Plan}?"))
            return;
        await (output.Events?.OpenAsync() ?? Task.CompletedTask);
        if (AsJob)
            await StartJobAsync(new MigrationJob(MyInvocation.Line.Trim(), migration.Plan, migration.Policy), output);
        else
            await migration.Plan.Start(migration.Policy).FollowAsync(new ProgressLines(1, "", output.WriteProgress), output, cancellationToken);
    }

    /// <summary>All that would end a migration, but what is skipped by name; null when that is everything.</summary>
    private ReadinessSelection? Blockers()
    {
        if (ReadinessSelection.StrangersIn(SkipReadiness) is [var stranger, ..])
            throw new LiveMigrationException(CmdletFaults.CheckNotFound, $"Check '{stranger}' was not found.");
        return ReadinessSelection.BlockersBut(SkipReadiness);
    }

    private async Task StartJobAsync(MigrationJob job, PipelineOutput output)
    {
        job.Events = output.Events;
        JobRepository.Add(job);
        await job.StartAsync();
        await output.WriteObjectAsync(job);
    }
}
