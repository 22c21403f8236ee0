namespace LiveMigration.Monitoring;

/// <summary>The phase of a migration.</summary>
public enum MigrationPhase
{
    /// <summary>The hosts are being prepared.</summary>
    Starting,

    /// <summary>Memory is copied while the guest runs on the source.</summary>
    Copying,

    /// <summary>The guest is paused and the rest is copied.</summary>
    Switching,

    /// <summary>The guest runs on the destination and fetches its remaining memory.</summary>
    PostCopy,

    /// <summary>The copy is made; both hosts are asked what is true now.</summary>
    Verifying,

    /// <summary>It has ended, successfully or not.</summary>
    Ended,
}
