namespace LiveMigration.Hypervisors;

/// <summary>The guest of a migration, as it was when the migration was first seen.</summary>
/// <param name="Name">Its name on the source.</param>
/// <param name="Uuid">Its UUID; all zero where it has none.</param>
/// <param name="Host">The name of the host where it was.</param>
internal sealed record MigratingGuest(string Name, Guid Uuid, string Host)
{
    /// <summary>The most memory that it may have, in bytes; null where that is not known.</summary>
    internal long? MaxMemory { get; init; }

    /// <summary>Whether its CPUs ran.</summary>
    internal bool Executes { get; init; }

    /// <summary>Whether it was half of a migration in post-copy.</summary>
    internal bool IsPostCopy { get; init; }
}
