using LiveMigration.Errors;
using LiveMigration.Migration;

namespace LiveMigration.Evacuation.Running;

/// <summary>What came of one try to move a domain.</summary>
/// <param name="Host">Where it has arrived; null when it has not.</param>
/// <param name="Error">Why it has not; null when it has.</param>
/// <param name="Verdict">Where it is; null when its migration did not begin.</param>
/// <param name="Result">The migration's figures, when there was one of ours.</param>
internal sealed record MoveResult(string? Host, LiveMigrationException? Error, MigrationVerdict? Verdict, MigrationResult? Result)
{
    /// <summary>Whether it is known to be where it was.</summary>
    internal bool IsAtSource => Verdict is null or MigrationVerdict.Stayed or MigrationVerdict.StayedPaused or MigrationVerdict.ShutOff;
}
