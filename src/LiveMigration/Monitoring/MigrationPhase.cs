namespace LiveMigration.Monitoring;

/// <summary>How far a migration is.</summary>
public enum MigrationPhase
{
    /// <summary>The hosts prepare.</summary>
    Starting,

    /// <summary>Memory is copied while the guest runs at the source.</summary>
    Copying,

    /// <summary>The guest is paused and the rest is copied.</summary>
    Switching,

    /// <summary>The guest runs at the destination and fetches what it misses.</summary>
    PostCopy,

    /// <summary>The copy is made; both hosts are asked what is true now.</summary>
    Verifying,

    /// <summary>It has ended, well or not.</summary>
    Ended,
}
