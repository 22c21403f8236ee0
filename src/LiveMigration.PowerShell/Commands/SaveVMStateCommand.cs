using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu.Saving;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>QEMU → its state in a file.</summary>
[Cmdlet(VerbsData.Save, "VMState", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = OnlineHelp.Pages + "Save-VMState.md")]
[OutputType(typeof(SavedState))]
public sealed class SaveVMStateCommand : QemuCmdlet
{
    private readonly HashSet<string> _written = [];

    /// <summary>The QEMUs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "Domain", "Address", "QemuProcess")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(QemuCompleter))]
    public QemuReference[] Name { get; set; } = [];

    /// <summary>The file, on QEMU's host.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [Alias("LiteralPath")]
    public string? Path { get; set; }

    /// <summary>How it is compressed.</summary>
    [Parameter]
    public StateCompression Compress { get; set; }

    /// <summary>How it is encrypted.</summary>
    [Parameter]
    public StateEncryption Encrypt { get; set; }

    /// <summary>The file with the key, on QEMU's host.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>For whom it is encrypted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Recipient { get; set; }

    /// <summary>A command that reads the state.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Command { get; set; }

    /// <summary>The command that undoes it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReadCommand { get; set; }

    /// <summary>The VM goes on meanwhile.</summary>
    [Parameter]
    public SwitchParameter Live { get; set; }

    /// <summary>Each page gets a place of its own in the file.</summary>
    [Parameter]
    public SwitchParameter MappedRam { get; set; }

    /// <summary>QEMU is ended when the state is proven to be saved.</summary>
    [Parameter]
    public SwitchParameter Stop { get; set; }

    /// <summary>The limit of what QEMU writes.</summary>
    [Parameter]
    [BandwidthTransformation]
    public Bandwidth? Bandwidth { get; set; }

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>QEMU is cancelled, and is seen to run again.</summary>
    private protected override TimeSpan StopPatience => TimeSpan.FromSeconds(60);

    private protected override IReadOnlyList<QemuReference> Processes => Name;

    private protected override async Task HandleAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken)
    {
        var saving = new StateSaving
        {
            Path = StateOutput.Locate(this, process, Path), Compression = Compress, Encryption = Encrypt, KeyFile = StateOutput.Locate(this, process, KeyFile), Recipient = Recipient,
            Command = Command, ReadCommand = ReadCommand, Live = Live, MappedRam = MappedRam, Stop = Stop, Bandwidth = Bandwidth, Force = Force,
        };
        if (saving.Path is { } path && !_written.Add($"{process.HostName} {path}"))
            throw new LiveMigrationException(Faults.ContradictingOptions, $"'{process}' was not saved: '{path}' has the state of another VM, which was saved before it. Save each to a file of its own.", process.HostName);
        var what = $"Save the state of {process.Name} ({process.Address}) {(saving.Path is null ? "through a command" : $"to {saving.Path} on {process.HostName}")}{(Stop ? ", and end its QEMU" : "")}";
        if (!await output.ShouldProcessAsync($"{what}.", $"{what}?"))
            return;
        using var told = new StateOutput(output, $"Saving {process.Name}", cancellationToken);
        try
        {
            await output.WriteObjectAsync(await process.SaveStateAsync(saving, told.Progress, told.Notice, cancellationToken));
        }
        catch (LiveMigrationException error) when (cancellationToken.IsCancellationRequested)
        {
            output.SayWhileStopping(error.Message);
            throw;
        }
    }
}
