namespace LiveMigration.Monitoring;

/// <summary>Where a migration stands still.</summary>
internal enum Stall
{
    None,

    /// <summary>The destination does not become ready.</summary>
    Preparing,

    /// <summary>Nothing is sent, or the source does not answer.</summary>
    Sending,
}
