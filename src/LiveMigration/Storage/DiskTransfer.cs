namespace LiveMigration.Storage;

/// <summary>What of a disk travels.</summary>
public enum DiskTransfer
{
    /// <summary>Nothing: the destination opens it where it is.</summary>
    None,

    /// <summary>All of it.</summary>
    Full,

    /// <summary>What lies above its backing file.</summary>
    Incremental,
}
