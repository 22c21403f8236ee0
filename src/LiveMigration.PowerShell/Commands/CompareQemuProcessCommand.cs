using System.Management.Automation;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Hypervisors.Qemu.Comparison;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>two QEMUs → in what they differ, and what that means for a migration.</summary>
[Cmdlet(VerbsData.Compare, "QemuProcess", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = OnlineHelp.Pages + "Compare-QemuProcess.md")]
[OutputType(typeof(QemuDifference))]
public sealed class CompareQemuProcessCommand : QemuCmdlet
{
    /// <summary>The QEMU that a VM would leave.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "Domain", "ReferenceObject")]
    [ArgumentCompleter(typeof(QemuCompleter))]
    public QemuReference Name { get; set; } = new("");

    /// <summary>The QEMU that it would go to.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("DestinationHost", "DifferenceObject")]
    [ArgumentCompleter(typeof(QemuCompleter))]
    public QemuReference Destination { get; set; } = new("");

    /// <summary>Compare what the devices write as well.</summary>
    [Parameter]
    public SwitchParameter Sections { get; set; }

    /// <summary>Also what does not differ.</summary>
    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    private protected override IReadOnlyList<QemuReference> Processes => [new QemuReference(Name.ResolveOne())];

    private protected override async Task HandleAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken)
    {
        var other = Destination.ResolveOne();
        await WriteAsync(await process.CompareAsync(other, cancellationToken), output);
        if (Sections && await output.ShouldProcessAsync($"Stop '{process}' for some milliseconds and write the state of its devices into a file.", $"Stop '{process}' for some milliseconds and write the state of its devices into a file?"))
            await WriteAsync(await process.CompareSectionsAsync(other, cancellationToken), output);
    }

    private Task WriteAsync(IReadOnlyList<QemuDifference> compared, PipelineOutput output) =>
        output.WriteObjectsAsync(compared.Where(one => IncludeEqual || one.Verdict is not QemuDifferenceVerdict.Equal).OrderByDescending(one => one.Verdict).ToArray());
}
