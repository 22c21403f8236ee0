using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>monitor → QEMU.</summary>
[Cmdlet(VerbsCommunications.Connect, "QemuProcess", HelpUri = OnlineHelp.Pages + "Connect-QemuProcess.md")]
[OutputType(typeof(QemuProcess))]
public sealed class ConnectQemuProcessCommand : AsyncCmdlet
{
    /// <summary>Where the monitors are.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Monitor", "Uri")]
    public QemuAddress[] Address { get; set; } = [];

    /// <summary>What to call it.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("VMName", "Domain")]
    public string? Name { get; set; }

    /// <summary>The time limit for connecting.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime]
    public Duration Timeout { get; set; } = QmpOptions.Default.ConnectTimeout;

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (Name is not null && Address.Length > 1)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"-Name is for a single QEMU, but {Address.Length} were specified.");
        var options = QmpOptions.Default with { ConnectTimeout = Timeout.Value };
        foreach (var address in Address)
        {
            try
            {
                await output.WriteObjectAsync(await QemuSessions.ConnectAsync(address, Name, options, cancellationToken));
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(address.Text));
            }
        }
    }
}
