namespace LiveMigration.Storage;

/// <summary>What becomes of an image at the source when its domain has moved onto a copy.</summary>
public enum SourceDisk
{
    /// <summary>It stays as it is.</summary>
    Keep,

    /// <summary>It stays under another name, so that nothing takes it for the domain's.</summary>
    Rename,

    /// <summary>It is deleted.</summary>
    Remove,
}
