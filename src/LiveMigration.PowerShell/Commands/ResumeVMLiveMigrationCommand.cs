using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Policy;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Joins the halves of a migration that broke in post-copy; ends a migration between QEMUs whose process is gone.</summary>
[Cmdlet(VerbsLifecycle.Resume, "VMLiveMigration", DefaultParameterSetName = "Pipeline", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Resume-VMLiveMigration.md")]
[OutputType(typeof(MigrationResult))]
public sealed class ResumeVMLiveMigrationCommand : DestinationCmdlet
{
    /// <summary>Who controls the migration.</summary>
    [Parameter]
    public MigrationMode Mode { get; set; }

    /// <summary>The destination's libvirt URI, as the source reaches it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DestinationUri { get; set; }

    /// <summary>Migrations between QEMUs that were interrupted, by their ids or the names of their VMs.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(QemuMigrationCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>The migrations themselves.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Migration")]
    public QemuMigrationRecord[] Migration { get; set; } = [];

    /// <summary>The QEMUs that a VM leaves, or that it goes to.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Qemu")]
    public QemuProcess[] QemuProcess { get; set; } = [];

    /// <summary>Which of the two QEMUs is known to have ended, though that cannot be seen from here.</summary>
    [Parameter(ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "Migration")]
    [Parameter(ParameterSetName = "Qemu")]
    [ValidateSet("Source", "Destination")]
    public string[] AssumeEnded { get; set; } = [];

    /// <summary>Do nothing with the QEMUs: it was ended by hand.</summary>
    [Parameter(ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "Migration")]
    [Parameter(ParameterSetName = "Qemu")]
    public SwitchParameter Forget { get; set; }

    /// <summary>The file that each event is appended to, as a line of JSON.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EventLog { get; set; }

    /// <summary>What is done with each event, in the pipeline of this command.</summary>
    [Parameter]
    public ScriptBlock? OnEvent { get; set; }

    /// <summary>As long as a start takes to judge an abort.</summary>
    private protected override TimeSpan StopPatience => TimeSpan.FromSeconds(75);

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        output.Events = EventOutput.Of(this, EventLog, OnEvent, output);
        if (ParameterSetName is "Name" or "Pipeline")
        {
            await base.ProcessAsync(output, cancellationToken);
            return;
        }

        if (new[] { nameof(Mode), nameof(DestinationUri), nameof(HostName) }.FirstOrDefault(IsTyped) is { } foreign)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"-{foreign} is for VMs of libvirt.");
        var ending = new QemuEnding(AssumeEnded, Forget, output);
        foreach (var (records, what) in Records())
        {
            try
            {
                if (records.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(what))
                    throw new LiveMigrationException(Faults.NoMigration, $"No migration of '{what}' was interrupted.");
                foreach (var record in records)
                    await ending.EndAsync(record, cancellationToken);
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(what));
            }
        }
    }

    private protected override async Task HandleAsync(LibvirtDomain domain, LibvirtHost destination, PipelineOutput output, CancellationToken cancellationToken)
    {
        var options = new MigrationOptions { Mode = Mode, DestinationUri = DestinationUri, PostCopy = true };
        var plan = await domain.PlanPostCopyResumeAsync(destination, options, cancellationToken);
        var what = $"the post-copy migration of '{domain}' from {domain.HostName} to {destination}";
        if (!await output.ShouldProcessAsync($"Resume {what}.", $"Resume {what}?"))
            return;
        await (output.Events?.OpenAsync() ?? Task.CompletedTask);
        await new MigrationBatch(new MigrationIntent(options), throttleLimit: 1, output).RunAsync([new SteeredPlan(plan)], cancellationToken);
    }

    private IEnumerable<(IReadOnlyList<QemuMigrationRecord> Records, string What)> Records() =>
    [
        .. Id.Select(id => (QemuRecordFinder.Find(id), id)),
        .. Migration.Select(record => ((IReadOnlyList<QemuMigrationRecord>)[record], record.Id)),
        .. QemuProcess.Select(process => (QemuRecordFinder.Find(process), process.Name)),
    ];
}
