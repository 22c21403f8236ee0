namespace LiveMigration.Hypervisors;

/// <summary>One end of a migration.</summary>
internal enum Side
{
    /// <summary>The host that the guest leaves.</summary>
    Source,

    /// <summary>The host that it goes to.</summary>
    Destination,
}
