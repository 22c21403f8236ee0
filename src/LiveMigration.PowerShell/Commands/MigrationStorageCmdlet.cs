using System.Management.Automation;
using LiveMigration.PowerShell.Completion;
using LiveMigration.Storage;

namespace LiveMigration.PowerShell.Commands;

/// <summary>The parameters that say what happens to the disks.</summary>
public abstract class MigrationStorageCmdlet : MigrationTuningCmdlet
{
    /// <summary>Whether disks are copied.</summary>
    [Parameter]
    public CopyStorage? CopyStorage { get; set; }

    /// <summary>The disks that are copied.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskCompleter))]
    public string[] Disk { get; set; } = [];

    /// <summary>Disks of which you know that both hosts access the same data.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskCompleter))]
    public string[] AssumeShared { get; set; } = [];

    /// <summary>Disks whose internal snapshots you do not need.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskCompleter))]
    public string[] AllowLosingSnapshots { get; set; } = [];

    /// <summary>A write of the guest ends only when it is on both sides.</summary>
    [Parameter]
    public SwitchParameter SynchronousWrites { get; set; }

    /// <summary>How backing files are compared.</summary>
    [Parameter]
    public BaseCheck BaseCheck { get; set; }

    /// <summary>Start or define the pool for the images.</summary>
    [Parameter]
    public SwitchParameter AllowPoolSetup { get; set; }

    /// <summary>Copy although the destination has less space than the disks may use later.</summary>
    [Parameter]
    public SwitchParameter AllowStorageOvercommit { get; set; }

    /// <summary>What happens to the images on the source afterwards.</summary>
    [Parameter]
    public SourceDisk SourceDisk { get; set; }

    private protected StorageOptions Storage => new()
    {
        Copy = CopyStorage,
        Disks = Disk,
        AssumeShared = AssumeShared,
        AllowLosingSnapshots = AllowLosingSnapshots,
        SynchronousWrites = SynchronousWrites,
        BaseCheck = BaseCheck,
        AllowPoolSetup = AllowPoolSetup,
        AllowOvercommit = AllowStorageOvercommit,
        SourceDisk = SourceDisk,
    };
}
