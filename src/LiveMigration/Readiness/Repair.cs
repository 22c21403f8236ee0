namespace LiveMigration.Readiness;

/// <summary>What can be set right without harm to anything that runs; its text says what is done.</summary>
internal abstract record Repair
{
    /// <summary>The same as a command.</summary>
    internal abstract string Command { get; }

    /// <summary>Does it.</summary>
    /// <exception cref="Errors.LiveMigrationException">The host does not do it, and why.</exception>
    internal abstract Task DoAsync(CancellationToken cancellationToken);
}
