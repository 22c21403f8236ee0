using LiveMigration.Errors;

namespace LiveMigration.Readiness;

/// <summary>A VM is not ready to migrate, with all that was found.</summary>
public sealed class NotReadyException : LiveMigrationException
{
    /// <summary>Makes an exception that carries the report.</summary>
    /// <param name="fault">The kind of the first failure.</param>
    /// <param name="message">What failed, each with its remedy.</param>
    /// <param name="report">What the checks found.</param>
    public NotReadyException(Fault fault, string message, ReadinessReport report)
        : base(fault, message, report?.Destination)
    {
        ArgumentNullException.ThrowIfNull(report);
        Report = report;
    }

    /// <summary>What the checks found.</summary>
    public ReadinessReport Report { get; }
}
