namespace LiveMigration.Monitoring.Policies;

/// <summary>A problem in a policy.</summary>
/// <param name="Path">Where, in the words of a policy file: <c>timeout.perGiB</c>, <c>convergence.steps[2]</c>.</param>
/// <param name="Message">What is wrong, and what was expected.</param>
public sealed record PolicyProblem(string Path, string Message);
