namespace LiveMigration.Storage;

/// <summary>Whether disks are copied with the domain.</summary>
public enum CopyStorage
{
    /// <summary>No disk: the destination reaches them all.</summary>
    None,

    /// <summary>All that a disk holds (<c>VIR_MIGRATE_NON_SHARED_DISK</c>).</summary>
    Full,

    /// <summary>Only what lies above the backing file, which the destination has (<c>VIR_MIGRATE_NON_SHARED_INC</c>).</summary>
    Incremental,
}
