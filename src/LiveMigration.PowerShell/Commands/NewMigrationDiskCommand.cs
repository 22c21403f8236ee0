using System.Collections;
using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domains + destination → the images that their disks will be copied onto.</summary>
[Cmdlet(VerbsCommon.New, "MigrationDisk", DefaultParameterSetName = "Pipeline", SupportsShouldProcess = true, HelpUri = OnlineHelp.Pages + "New-MigrationDisk.md")]
[OutputType(typeof(DiskMove))]
public sealed class NewMigrationDiskCommand : DestinationCmdlet
{
    /// <summary>For which disks.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskCompleter))]
    public string[] Disk { get; set; } = [];

    /// <summary>Whether an image lies on its backing file.</summary>
    [Parameter]
    [ValidateSet("Full", "Incremental")]
    public CopyStorage? CopyStorage { get; set; }

    /// <summary>Other paths or pools on the destination, by target name.</summary>
    [Parameter]
    public Hashtable? DiskMap { get; set; }

    /// <summary>How backing files are compared.</summary>
    [Parameter]
    public BaseCheck BaseCheck { get; set; }

    /// <summary>Start or define the pool for the images.</summary>
    [Parameter]
    public SwitchParameter AllowPoolSetup { get; set; }

    /// <summary>Make them although the destination has less space than they may use later.</summary>
    [Parameter]
    public SwitchParameter AllowStorageOvercommit { get; set; }

    private protected override async Task HandleAsync(LibvirtDomain domain, LibvirtHost destination, PipelineOutput output, CancellationToken cancellationToken)
    {
        var options = new MigrationOptions
        {
            DiskMap = (DiskMap ?? []).Cast<DictionaryEntry>().ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}"),
            Storage = new StorageOptions
            {
                Copy = CopyStorage, Disks = Disk, BaseCheck = BaseCheck, AllowPoolSetup = AllowPoolSetup, AllowOvercommit = AllowStorageOvercommit, ImagesOnly = true,
            },
        };
        var plan = await domain.PlanMigrationAsync(destination, options, cancellationToken);
        foreach (var disk in plan.Disks.Where(disk => disk.MakesImage))
        {
            var what = $"create {disk.Destination} ({disk.Format}, {new ByteSize(disk.Capacity ?? 0)}) on {destination.Name} for {disk.Target} of '{domain.Name}'";
            if (!await output.ShouldProcessAsync($"C{what[1..]}.", $"C{what[1..]}?"))
                plan = plan with { Disks = [.. plan.Disks.Where(other => other.Target != disk.Target)] };
        }

        foreach (var disk in await plan.MakeDisksAsync(cancellationToken))
            await output.WriteObjectAsync(disk);
    }
}
