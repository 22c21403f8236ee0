namespace LiveMigration.Storage.Sharing;

/// <summary>Shared storage as one host has it, verified.</summary>
public sealed record SharedPool
{
    /// <summary>The host.</summary>
    public required string HostName { get; init; }

    /// <summary>The pool's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where the host has the files.</summary>
    public required string Path { get; init; }

    /// <summary>Where they come from; null for a folder.</summary>
    public string? Origin { get; init; }

    /// <summary>Free space in bytes.</summary>
    public required long Available { get; init; }

    /// <summary>Whether it was defined now; else the host had it already.</summary>
    public required bool IsNew { get; init; }

    /// <summary>How it was verified.</summary>
    public required string Evidence { get; init; }
}
