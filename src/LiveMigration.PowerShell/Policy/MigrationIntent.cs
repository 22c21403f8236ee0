using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;

namespace LiveMigration.PowerShell.Policy;

/// <summary>domain → plan, by what was asked for and the policy.</summary>
internal sealed class MigrationIntent(LibvirtHost destination, MigrationOptions options, MigrationPolicy? policy = null)
{
    /// <summary>What was asked for wins: a downtime that is given stays, and so does a time-out.</summary>
    private readonly MigrationPolicy? _policy = policy is null ? null : policy with
    {
        Downtime = options.MaxDowntime is null ? policy.Downtime : null,
        Timeout = options.Timeout is null || policy.Stall is not null ? policy.Timeout : null,
    };

    internal LibvirtHost Destination => destination;

    internal async Task<SteeredPlan> PlanAsync(LibvirtDomain domain, CancellationToken cancellationToken)
    {
        if (_policy is null)
            return new SteeredPlan(await domain.PlanMigrationAsync(destination, options, cancellationToken));
        var facts = await domain.GetPolicyFactsAsync(destination, options, _policy, cancellationToken);
        var plan = await domain.PlanMigrationAsync(destination, _policy.ApplyTo(options, facts), cancellationToken);
        return new SteeredPlan(plan, options.Offline ? null : _policy.Start(facts));
    }
}
