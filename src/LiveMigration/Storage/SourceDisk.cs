namespace LiveMigration.Storage;

/// <summary>What happens to an image on the source after its domain has moved to a copy.</summary>
public enum SourceDisk
{
    /// <summary>It stays as it is.</summary>
    Keep,

    /// <summary>It stays under another name, so that nothing takes it for the domain's.</summary>
    Rename,

    /// <summary>It is deleted.</summary>
    Remove,
}
