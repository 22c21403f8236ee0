using System.Collections;
using System.Management.Automation;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>QEMU → a twin of it that waits for its guest.</summary>
[Cmdlet(VerbsLifecycle.Start, "QemuDestination", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = OnlineHelp.Pages + "Start-QemuDestination.md")]
[OutputType(typeof(QemuProcess))]
public sealed class StartQemuDestinationCommand : QemuCmdlet
{
    /// <summary>The QEMU that the twin is like.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(QemuCompleter))]
    public QemuReference Like { get; set; } = new("");

    /// <summary>The host where it starts, for ssh.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [Alias("Host", "ComputerName")]
    public string? HostName { get; set; }

    /// <summary>The path of its monitor.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Monitor { get; set; }

    /// <summary>The program.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Program { get; set; }

    /// <summary>Other paths, by the beginning of the source's.</summary>
    [Parameter]
    public Hashtable? PathMap { get; set; }

    /// <summary>Other files, by disk.</summary>
    [Parameter]
    public Hashtable? DiskMap { get; set; }

    /// <summary>More arguments for QEMU.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ArgumentList { get; set; } = [];

    private protected override TimeSpan StopPatience => TimeSpan.FromSeconds(15);

    private protected override IReadOnlyList<QemuReference> Processes => [new QemuReference(Like.ResolveOne())];

    private protected override async Task HandleAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken)
    {
        var destination = new QemuDestination
        {
            Like = process,
            HostName = HostName,
            Monitor = Monitor,
            Program = Program,
            PathMap = Map(PathMap),
            DiskMap = Map(DiskMap),
            Arguments = ArgumentList,
        };
        var launch = await destination.PlanAsync(cancellationToken);
        if (!await output.ShouldProcessAsync($"On {launch.HostName}, start: {launch}", $"On {launch.HostName}, start: {launch}?"))
            return;
        var twin = await destination.StartAsync(launch, cancellationToken);
        await output.WriteObjectAsync(await QemuSessions.KeepAsync(twin));
    }

    private static Dictionary<string, string> Map(Hashtable? table) =>
        (table ?? []).Cast<DictionaryEntry>().ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}");
}
