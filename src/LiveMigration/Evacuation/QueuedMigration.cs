using LiveMigration.Evacuation.Running;
using LiveMigration.Migration;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;

namespace LiveMigration.Evacuation;

/// <summary>One migration of a queue whose turn has come.</summary>
public sealed class QueuedMigration
{
    private readonly MoveState _move;
    private readonly LinkMonitor? _links;

    internal QueuedMigration(int index, bool waited, MoveState move, LinkMonitor? links)
    {
        (Index, Waited) = (index, waited);
        (_move, _links) = (move, links);
    }

    /// <summary>Its position in the order in which they were given.</summary>
    public int Index { get; }

    /// <summary>Whether it had to wait for its turn: the hosts have changed since it was planned.</summary>
    public bool Waited { get; }

    /// <summary>Begins the migration, with its share of the bandwidth and divided again from then on.</summary>
    /// <param name="plan">Its plan, as it is now.</param>
    /// <param name="policy">The policy for migrations that do not converge.</param>
    public async Task<MigrationRun> StartAsync(MigrationPlan plan, ConvergencePolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        // Whoever is not seen under way is given nothing, and so keeps what somebody else gives it.
        if (_links is null)
            return plan.Start(policy);
        var share = await _links.BeginAsync(_move, plan.Source).ConfigureAwait(false);
        return _move.Run = (share is { } limit ? plan.Within(limit) : plan).Start(policy);
    }
}
