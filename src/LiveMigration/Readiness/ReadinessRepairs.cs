using LiveMigration.Errors;

namespace LiveMigration.Readiness;

/// <summary>finding → fixed.</summary>
public static class ReadinessRepairs
{
    /// <summary>Does what <see cref="ReadinessFinding.RepairAction"/> says. Nothing that runs is touched.</summary>
    /// <param name="finding">What was found.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The host does not do it, and why.</exception>
    public static Task RepairAsync(this ReadinessFinding finding, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Repair?.DoAsync(cancellationToken) ?? Task.CompletedTask;
    }
}
