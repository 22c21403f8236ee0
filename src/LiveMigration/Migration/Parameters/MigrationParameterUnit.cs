namespace LiveMigration.Migration.Parameters;

/// <summary>What a migration parameter's number counts.</summary>
public enum MigrationParameterUnit
{
    /// <summary>Nothing that has a unit, or it is not known.</summary>
    None,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Bytes per second.</summary>
    BytesPerSecond,

    /// <summary>Milliseconds.</summary>
    Milliseconds,

    /// <summary>Percent.</summary>
    Percent,
}
