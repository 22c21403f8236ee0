namespace LiveMigration.Forecasting;

/// <summary>A way to bring a migration to its end.</summary>
public enum MigrationStrategy
{
    /// <summary>Pre-copy with the downtime limit as it is.</summary>
    PreCopy,

    /// <summary>Pre-copy with the downtime limit raised to what the guest needs.</summary>
    RaiseDowntime,

    /// <summary>Pre-copy of a guest that QEMU slows down until it converges.</summary>
    AutoConverge,

    /// <summary>A switch to post-copy after the first pass, or when the timeout is over.</summary>
    PostCopy,

    /// <summary>A pause after the first pass, or when the timeout is over, in which the rest is copied.</summary>
    Suspend,
}
