using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Policy;

/// <summary>domain + destination → plan, by what was asked for and the policy, if nothing that was not skipped stands in the way.</summary>
internal sealed class MigrationIntent(
    MigrationOptions options, MigrationPolicy? policy = null, ReadinessSelection? blockers = null)
{
    private readonly MigrationPolicy? _policy = policy is null ? null : PolicyIntent.Of(policy, options);

    /// <summary>What all of them may use of a host's link together; null where that was not said: a policy's limit is each VM's own.</summary>
    internal Bandwidth? Budget => options.Bandwidth;

    /// <summary>Looks at hosts once for all that is planned now; null where nothing is looked at.</summary>
    internal ReadinessAudit? BeginAudit() => blockers is null ? null : new ReadinessAudit(selection: blockers);

    /// <summary>Plans a migration once more, by what both hosts say now.</summary>
    internal Task<SteeredPlan> PlanAsync(MigrationPlan before, CancellationToken cancellationToken) =>
        PlanAsync(before.Domain, before.Destination, BeginAudit(), cancellationToken);

    /// <summary>Plans by what the audit has found out.</summary>
    internal async Task<SteeredPlan> PlanAsync(LibvirtDomain domain, LibvirtHost destination, ReadinessAudit? audit, CancellationToken cancellationToken)
    {
        if (_policy is null)
            return new SteeredPlan(await PlanAsync(domain, destination, options, audit, cancellationToken));
        var facts = await domain.GetPolicyFactsAsync(destination, options, _policy, cancellationToken);
        var plan = await PlanAsync(domain, destination, _policy.ApplyTo(PolicyIntent.OptionsFor(_policy, options), facts), audit, cancellationToken);
        return new SteeredPlan(plan, options.Offline ? null : _policy.Start(facts.Carrying(plan)));
    }

    private static Task<MigrationPlan> PlanAsync(LibvirtDomain domain, LibvirtHost destination, MigrationOptions how, ReadinessAudit? audit, CancellationToken cancellationToken) =>
        audit is null ? domain.PlanMigrationAsync(destination, how, cancellationToken) : audit.PlanAsync(domain, destination, how, cancellationToken);
}
