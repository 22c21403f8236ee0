namespace LiveMigration.Monitoring.Policies;

/// <summary>An error in a file.</summary>
/// <param name="Source">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What is there, and what was expected.</param>
public sealed record PolicyError(string Source, int Line, int Column, string Message)
{
    /// <summary>For example <c>policy.yaml:3:11: '5 parsecs' is not a time. …</c></summary>
    public override string ToString() => $"{Source}:{Line}:{Column}: {Message}";
}
