namespace LiveMigration.Errors;

/// <summary>Faults of storage.</summary>
public static partial class Faults
{
    /// <summary>A disk is named that the domain has not.</summary>
    public static readonly Fault NoSuchDisk = new("NoSuchDisk", FaultCategory.ObjectNotFound,
        "Name disks as the guest does: Get-LibvirtDomainDisk shows them as Target.");

    /// <summary>A disk that both hosts reach is to be copied.</summary>
    public static readonly Fault SharedDiskInCopy = new("SharedDiskInCopy", FaultCategory.InvalidOperation,
        "Leave that disk out of -Disk, or leave -CopyStorage out: the destination opens it where it is.");

    /// <summary>A disk that the guest cannot write is to be copied.</summary>
    public static readonly Fault ReadOnlyDiskInCopy = new("ReadOnlyDiskInCopy", FaultCategory.InvalidOperation,
        "Leave that disk out of -Disk, and put a copy of its image to the same path on the destination.");

    /// <summary>Source and destination are one file.</summary>
    public static readonly Fault SameImage = new("SameImage", FaultCategory.InvalidOperation,
        "Name another path with -DiskMap; or leave -CopyStorage out: the destination opens the image where it is.");

    /// <summary>There is an image at the destination.</summary>
    public static readonly Fault DestinationImageExists = new("DestinationImageExists", FaultCategory.ResourceExists,
        "Look whether it is needed. Remove it, name another path with -DiskMap, or say -CopyStorage Full to overwrite it.");

    /// <summary>The destination's image belongs to another domain.</summary>
    public static readonly Fault DestinationImageInUse = new("DestinationImageInUse", FaultCategory.ResourceBusy,
        "Name another path with -DiskMap.");

    /// <summary>The images are not alike.</summary>
    public static readonly Fault ImagesDiffer = new("ImagesDiffer", FaultCategory.InvalidOperation,
        "Remove the image on the destination, so that it is made as it has to be; or make it with New-MigrationDisk.");

    /// <summary>A block device would be overwritten.</summary>
    public static readonly Fault BlockDeviceDestination = new("BlockDeviceDestination", FaultCategory.InvalidOperation,
        "Name a block device that a pool shows and that is large enough with -DiskMap, or a path in a directory pool.");

    /// <summary>There is nothing below the disk.</summary>
    public static readonly Fault NoBackingFile = new("NoBackingFile", FaultCategory.InvalidOperation,
        "Say -CopyStorage Full.");

    /// <summary>The destination lacks what lies below a disk.</summary>
    public static readonly Fault BackingFileMissing = new("BackingFileMissing", FaultCategory.ObjectNotFound,
        "Copy the backing file to the same path on the destination, into a started pool; or say -CopyStorage Full.");

    /// <summary>What lies below a disk is another at the destination.</summary>
    public static readonly Fault BackingFileDiffers = new("BackingFileDiffers", FaultCategory.InvalidOperation,
        "Replace the destination's backing file by the source's; or say -CopyStorage Full.");

    /// <summary>No pool can hold the image.</summary>
    public static readonly Fault DestinationPoolMissing = new("DestinationPoolMissing", FaultCategory.ObjectNotFound,
        "Define and start a pool on the destination, let that be done with -AllowPoolSetup, or name another pool or path with -DiskMap.");

    /// <summary>The destination lacks space.</summary>
    public static readonly Fault InsufficientStorage = new("InsufficientStorage", FaultCategory.ResourceUnavailable,
        "Free space on the destination, name another pool with -DiskMap, or go ahead with -AllowStorageOvercommit: a copied image may come to use its whole size.");

    /// <summary>The destination ran out of space in the middle.</summary>
    public static readonly Fault DestinationStorageFull = new("DestinationStorageFull", FaultCategory.ResourceUnavailable,
        "Free space where the message's disk was to go, or send it elsewhere with -DiskMap, and start again: what was copied is gone.");

    /// <summary>A host has another pool of that name.</summary>
    public static readonly Fault PoolDiffers = new("PoolDiffers", FaultCategory.ResourceExists,
        "Choose another name, or undefine that pool if nothing needs it.");

    /// <summary>A host cannot mount what is to be shared.</summary>
    public static readonly Fault ShareNotMounted = new("ShareNotMounted", FaultCategory.ResourceUnavailable,
        "Mend what the message names, on that host or on the server, and run it again: what was done is undone.");

    /// <summary>Hosts do not see the same files.</summary>
    public static readonly Fault StorageNotShared = new("StorageNotShared", FaultCategory.InvalidResult,
        "Look at what each host has mounted at the path, and whether both may write; then run it again: what was done is undone.");

    /// <summary>The source's image may be another host's, too.</summary>
    public static readonly Fault SourceImageNotLocal = new("SourceImageNotLocal", FaultCategory.InvalidOperation,
        "Leave -SourceDisk out: the images are kept, and you remove them when you know that nothing needs them.");

    /// <summary>The source's image is needed by something else.</summary>
    public static readonly Fault SourceImageInUse = new("SourceImageInUse", FaultCategory.ResourceBusy,
        "Look who uses the image; remove or rename it when nothing does.");

    /// <summary>The limit of a disk that is being copied cannot be changed.</summary>
    public static readonly Fault DiskLimitFixed = new("DiskLimitFixed", FaultCategory.InvalidOperation,
        "Wait until the disks are copied, or stop the migration and start it again with -Bandwidth.");

    /// <summary>The image cannot be made.</summary>
    public static readonly Fault ImageNotMade = new("ImageNotMade", FaultCategory.DeviceError,
        "Look at the pool on the destination: its permissions, its space, and what libvirt's daemon says in the journal.");
}
