using LiveMigration.Errors;

namespace LiveMigration.Monitoring.Policies;

/// <summary>A file from which no policy can be read, with all that is wrong in it.</summary>
public sealed class PolicyFormatException : LiveMigrationException
{
    /// <summary>Makes an exception that tells every error.</summary>
    /// <param name="errors">At least one.</param>
    /// <param name="innerException">The cause.</param>
    public PolicyFormatException(IReadOnlyList<PolicyError> errors, Exception? innerException = null)
        : base(Faults.InvalidPolicy, string.Join(Environment.NewLine, errors), innerException: innerException) => Errors = errors;

    /// <summary>What is wrong, in the order of the file.</summary>
    public IReadOnlyList<PolicyError> Errors { get; }
}
