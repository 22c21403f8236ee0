using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Migration;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Errors;

/// <summary>The one way from an exception to an error record.</summary>
internal static class ErrorRecords
{
    /// <summary>An error record with a stable id, a category that is never NotSpecified, and what to do.</summary>
    /// <param name="error">What happened.</param>
    /// <param name="target">To what.</param>
    /// <remarks>
    /// TargetObject is the most that is known of what the error is about: of a VM its <see cref="MigrationResult"/>, <see cref="EvacuatedDomain"/> or
    /// <see cref="ReadinessReport"/>, or else the domain, each with its Name; of a host its name.
    /// </remarks>
    internal static ErrorRecord ToErrorRecord(this Exception error, object? target = null)
    {
        var fault = error switch
        {
            LiveMigrationException known => known.Fault,
            OperationCanceledException => Faults.Stopped,
            FormatException or ArgumentException => CmdletFaults.InvalidArgument,
            ObjectDisposedException => CmdletFaults.HostDisconnected,
            _ => CmdletFaults.Unexpected,
        };
        return new ErrorRecord(error, fault.Id, fault.Category.ToErrorCategory(), (error as NotReadyException)?.Report ?? target ?? (error as LiveMigrationException)?.Host)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = fault.RecommendedAction },
        };
    }

    /// <summary>The error of a migration that did not succeed; null when it did, or goes on without us.</summary>
    internal static ErrorRecord? ToErrorRecord(this MigrationResult result) => result.ToException()?.ToErrorRecord(result);

    /// <summary>The error of a VM that was to move and has not; null when it has.</summary>
    internal static ErrorRecord? ToErrorRecord(this EvacuatedDomain domain) =>
        domain.Fault is { } fault ? new LiveMigrationException(fault, domain.Error ?? "", domain.Source).ToErrorRecord(domain) : null;

    /// <summary>The same error, as if a cmdlet had written it: a job has none to write with.</summary>
    /// <param name="error">The error.</param>
    /// <param name="cmdlet">The cmdlet that began the job, for example <c>Start-VMLiveMigration</c>.</param>
    internal static ErrorRecord By(this ErrorRecord error, string cmdlet)
    {
        error.CategoryInfo.Activity = cmdlet;
        return error;
    }

    /// <summary>The members have the same names.</summary>
    internal static ErrorCategory ToErrorCategory(this FaultCategory category) => Enum.Parse<ErrorCategory>(category.ToString());
}
