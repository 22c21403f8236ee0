namespace LiveMigration.Domains;

/// <summary>Who can reach a disk.</summary>
public enum StorageAccess
{
    /// <summary>There is no disk.</summary>
    None,

    /// <summary>Every host that mounts the same storage.</summary>
    Shared,

    /// <summary>This host alone.</summary>
    Local,

    /// <summary>Some of the disks are shared and some are local.</summary>
    Mixed,

    /// <summary>It is not known.</summary>
    Unknown,
}
