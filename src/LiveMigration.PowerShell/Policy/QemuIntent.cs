using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Policy;

/// <summary>Two QEMUs → plan, by what was asked for and the policy.</summary>
internal static class QemuIntent
{
    internal static async Task<(QemuMigrationPlan Plan, ConvergencePolicy? Policy)> PlanAsync(
        QemuProcess source, QemuProcess destination, MigrationOptions options, string? tlsFolder, MigrationPolicy? policy, ReadinessSelection? blockers, CancellationToken cancellationToken)
    {
        if (policy is null)
            return (await PlanAsync(source, destination, options, tlsFolder, blockers, cancellationToken), null);
        var asked = PolicyIntent.Of(policy, options);
        // Through programs and files there are neither several connections nor post-copy: a policy goes without them, and only what the user specifies is refused.
        var oneWay = options.MigrationUri is { } uri && (uri.StartsWith("exec:", StringComparison.Ordinal) || uri.StartsWith("file:", StringComparison.Ordinal));
        if (oneWay)
            asked = asked with { Parallel = null };
        var facts = new PolicyFacts
        {
            MemorySize = new ByteSize(source.MaxMemory ?? 0),
            PostCopyPossible = !oneWay && source.State == "running" && (options.Parallel ?? asked.Parallel) is null,
        };
        var plan = await PlanAsync(source, destination, asked.ApplyTo(options, facts), tlsFolder, blockers, cancellationToken);
        return (plan, asked.Start(facts));
    }

    /// <summary>Null is no check, and what the plan itself refuses.</summary>
    private static Task<QemuMigrationPlan> PlanAsync(
        QemuProcess source, QemuProcess destination, MigrationOptions options, string? tlsFolder, ReadinessSelection? blockers, CancellationToken cancellationToken) =>
        new QemuReadinessAudit(selection: blockers ?? new ReadinessSelection { Excluded = ["*"] }).PlanAsync(source, destination, options, tlsFolder, cancellationToken);
}
