using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Policy;

/// <summary>Two QEMUs → plan, by what was asked for and the policy.</summary>
internal static class QemuIntent
{
    internal static async Task<(QemuMigrationPlan Plan, ConvergencePolicy? Policy)> PlanAsync(
        QemuProcess source, QemuProcess destination, MigrationOptions options, string? tlsFolder, MigrationPolicy? policy, CancellationToken cancellationToken)
    {
        if (policy is null)
            return (await source.PlanMigrationAsync(destination, options, tlsFolder, cancellationToken), null);
        var asked = PolicyIntent.Of(policy, options);
        var facts = new PolicyFacts
        {
            MemorySize = new ByteSize(source.MaxMemory ?? 0),
            PostCopyPossible = source.State == "running" && (options.Parallel ?? asked.Parallel) is null,
        };
        var plan = await source.PlanMigrationAsync(destination, asked.ApplyTo(options, facts), tlsFolder, cancellationToken);
        return (plan, asked.Start(facts));
    }
}
