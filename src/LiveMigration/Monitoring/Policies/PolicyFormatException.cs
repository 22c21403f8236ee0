using LiveMigration.Errors;

namespace LiveMigration.Monitoring.Policies;

/// <summary>A file with errors: a policy, a plan or a fleet.</summary>
public sealed class PolicyFormatException : LiveMigrationException
{
    /// <summary>Makes an exception that tells every error.</summary>
    /// <param name="errors">At least one.</param>
    /// <param name="innerException">The cause.</param>
    /// <param name="fault">What kind of file it is; a policy of migrations by default.</param>
    public PolicyFormatException(IReadOnlyList<PolicyError> errors, Exception? innerException = null, Fault? fault = null)
        : base(fault ?? Faults.InvalidPolicy, string.Join(Environment.NewLine, errors), innerException: innerException) => Errors = errors;

    /// <summary>What is wrong, in the order of the file.</summary>
    public IReadOnlyList<PolicyError> Errors { get; }
}
