namespace LiveMigration.Errors;

/// <summary>Faults of storage.</summary>
public static partial class Faults
{
    /// <summary>The domain does not have the named disk.</summary>
    public static readonly Fault NoSuchDisk = new("NoSuchDisk", FaultCategory.ObjectNotFound,
        "Name disks as Get-LibvirtDomainDisk shows them in Target, for example vda.");

    /// <summary>A disk that is not copied is not proven to be shared.</summary>
    public static readonly Fault DiskNotShared = new("DiskNotShared", FaultCategory.InvalidOperation,
        "Have the disk copied (omit -CopyStorage None, name it in -Disk, or specify another place with -DiskMap), move it to storage that both hosts access, or, if the message says that nothing is known and you know that both hosts access the same data, name it in -AssumeShared.");

    /// <summary>A disk to be copied is shared by both hosts.</summary>
    public static readonly Fault SharedDiskInCopy = new("SharedDiskInCopy", FaultCategory.InvalidOperation,
        "Remove that disk from -Disk, or omit -CopyStorage: the destination opens it where it is.");

    /// <summary>A disk to be copied is read-only for the guest.</summary>
    public static readonly Fault ReadOnlyDiskInCopy = new("ReadOnlyDiskInCopy", FaultCategory.InvalidOperation,
        "Remove that disk from -Disk, and place a copy of its image at the same path on the destination.");

    /// <summary>Source and destination are the same file.</summary>
    public static readonly Fault SameImage = new("SameImage", FaultCategory.InvalidOperation,
        "Specify another path with -DiskMap, or omit -CopyStorage: the destination opens the image where it is.");

    /// <summary>The destination already has an image.</summary>
    public static readonly Fault DestinationImageExists = new("DestinationImageExists", FaultCategory.ResourceExists,
        "Check what it is and whether it is needed. Move it away, or specify another path with -DiskMap. -CopyStorage Full overwrites it: its data is lost.");

    /// <summary>The destination's image belongs to another domain.</summary>
    public static readonly Fault DestinationImageInUse = new("DestinationImageInUse", FaultCategory.ResourceBusy,
        "Specify another path with -DiskMap.");

    /// <summary>An image contains data that its copy would not have.</summary>
    public static readonly Fault ImageHoldsMore = new("ImageHoldsMore", FaultCategory.InvalidOperation,
        "Omit -SourceDisk, so that the image stays, remove what the message names, or, if they are internal snapshots that you do not need, name the disk in -AllowLosingSnapshots. For a disk that is encrypted in another way than with LUKS and one secret, create an encrypted image with the same secret on the destination and use -CopyStorage Full.");

    /// <summary>The destination does not have a secret of a disk, or not its value.</summary>
    public static readonly Fault SecretMissing = new("SecretMissing", FaultCategory.ObjectNotFound,
        "Define the secret on the destination (virsh secret-dumpxml, secret-define) and set the same value as on the source (virsh secret-set-value).");

    /// <summary>The image on the destination differs from the source's in size or format.</summary>
    public static readonly Fault ImagesDiffer = new("ImagesDiffer", FaultCategory.InvalidOperation,
        "Remove the image on the destination so that a matching one is created, or create it with New-MigrationDisk.");

    /// <summary>A block device would be overwritten.</summary>
    public static readonly Fault BlockDeviceDestination = new("BlockDeviceDestination", FaultCategory.InvalidOperation,
        "With -DiskMap, specify a block device that a pool lists and that is large enough, or a path in a directory pool.");

    /// <summary>The disk has no backing file.</summary>
    public static readonly Fault NoBackingFile = new("NoBackingFile", FaultCategory.InvalidOperation,
        "Use -CopyStorage Full.");

    /// <summary>The destination does not have a disk's backing file.</summary>
    public static readonly Fault BackingFileMissing = new("BackingFileMissing", FaultCategory.ObjectNotFound,
        "Copy the backing file to the same path on the destination, into an active pool, or use -CopyStorage Full.");

    /// <summary>A disk's backing file is different on the destination.</summary>
    public static readonly Fault BackingFileDiffers = new("BackingFileDiffers", FaultCategory.InvalidOperation,
        "Replace the destination's backing file with the source's, or use -CopyStorage Full.");

    /// <summary>No pool can hold the image.</summary>
    public static readonly Fault DestinationPoolMissing = new("DestinationPoolMissing", FaultCategory.ObjectNotFound,
        "Define and start a pool on the destination, have that done with -AllowPoolSetup, or specify another pool or path with -DiskMap.");

    /// <summary>The destination lacks space.</summary>
    public static readonly Fault InsufficientStorage = new("InsufficientStorage", FaultCategory.ResourceUnavailable,
        "Free space on the destination, specify another pool with -DiskMap, or proceed with -AllowStorageOvercommit: a copied image may grow to its full size.");

    /// <summary>The destination ran out of space during the copy.</summary>
    public static readonly Fault DestinationStorageFull = new("DestinationStorageFull", FaultCategory.ResourceUnavailable,
        "Free space at the target of the disk that the message names, or choose another target with -DiskMap, and start again: the partial copy was removed.");

    /// <summary>A host has a different pool with that name.</summary>
    public static readonly Fault PoolDiffers = new("PoolDiffers", FaultCategory.ResourceExists,
        "Choose another name, or undefine that pool if nothing needs it.");

    /// <summary>A host cannot mount the shared storage.</summary>
    public static readonly Fault ShareNotMounted = new("ShareNotMounted", FaultCategory.ResourceUnavailable,
        "Fix what the message names, on that host or on the server, and run the command again: its changes were rolled back.");

    /// <summary>Hosts do not see the same files.</summary>
    public static readonly Fault StorageNotShared = new("StorageNotShared", FaultCategory.InvalidResult,
        "Check what each host has mounted at the path and whether both can write to it, then run the command again: its changes were rolled back.");

    /// <summary>Other hosts may use the source's image, too.</summary>
    public static readonly Fault SourceImageNotLocal = new("SourceImageNotLocal", FaultCategory.InvalidOperation,
        "Omit -SourceDisk: the images are kept, and you can remove them when you know that nothing needs them.");

    /// <summary>The source's image is needed by something else.</summary>
    public static readonly Fault SourceImageInUse = new("SourceImageInUse", FaultCategory.ResourceBusy,
        "Check what uses the image; remove or rename it when nothing does.");

    /// <summary>The limit of a disk that is being copied cannot be changed.</summary>
    public static readonly Fault DiskLimitFixed = new("DiskLimitFixed", FaultCategory.InvalidOperation,
        "Wait until the disks are copied, or stop the migration and start it again with -Bandwidth.");

    /// <summary>The image cannot be created.</summary>
    public static readonly Fault ImageNotMade = new("ImageNotMade", FaultCategory.DeviceError,
        "Check the pool on the destination (permissions and free space) and the journal of libvirt's daemon there.");
}
