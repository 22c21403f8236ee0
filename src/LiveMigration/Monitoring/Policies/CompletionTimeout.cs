using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>How long a migration may take, and what happens then.</summary>
public sealed record CompletionTimeout
{
    /// <summary>Per GiB to be sent, in whole seconds in all.</summary>
    public Duration? PerGiB { get; init; }

    /// <summary>Whatever the size.</summary>
    public Duration? After { get; init; }

    /// <summary>What happens.</summary>
    public CompletionAction Action { get; init; }

    /// <summary>After an action that did not end it either, it is aborted at this multiple of the time; null is never.</summary>
    public double? AbortAtFactor { get; init; }

    /// <summary>The time that a migration of this size may take.</summary>
    /// <param name="dataSize">GiB to be sent, see <see cref="PolicyFacts.DataSize"/>.</param>
    public TimeSpan For(double dataSize) =>
        After?.Value ?? TimeSpan.FromSeconds(Math.Truncate((PerGiB?.Value.TotalSeconds ?? 0) * dataSize));
}
