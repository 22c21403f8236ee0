using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Evacuation.Running;
using LiveMigration.Hosts;

namespace LiveMigration.Evacuation;

/// <summary>plan → run; journal → run.</summary>
public static class EvacuationPlanExecution
{
    /// <summary>Compares a plan with the hosts as they are now. Nothing is changed.</summary>
    /// <param name="plan">The plan, which may be old or have been edited.</param>
    /// <param name="hosts">Its hosts, connected under the names that it uses.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The plan with what can still be moved, and what has changed.</returns>
    /// <exception cref="LiveMigrationException">A host of the plan is missing, or the plan contradicts itself.</exception>
    public static async Task<(EvacuationPlan Plan, IReadOnlyList<string> Changes)> CompareAsync(
        this EvacuationPlan plan, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(hosts);
        EvacuationPlanRules.Check(plan, plan.Hosts, [.. hosts.Select(host => host.Name)]);
        var used = hosts.Where(host => plan.Hosts.Contains(host.Name)).ToArray();
        var now = await Task.WhenAll(used.Select(host => host.GetDomainsAsync(DomainQuery.All, cancellationToken))).ConfigureAwait(false);
        var (current, changes) = WorldCheck.Compare(plan, [.. now.SelectMany(domains => domains)]);
        return (current, changes.ToArray());
    }

    /// <summary>Begins to carry it out, and returns when its journal is on the disk.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="hosts">Its hosts, connected under the names that it uses.</param>
    /// <param name="cancellationToken">Gives up before it has begun.</param>
    /// <exception cref="LiveMigrationException">A host of the plan is missing, or the plan contradicts itself.</exception>
    public static async Task<EvacuationRun> StartAsync(this EvacuationPlan plan, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(hosts);
        EvacuationPlanRules.Check(plan, plan.Hosts, [.. hosts.Select(host => host.Name)]);
        var used = hosts.Where(host => plan.Hosts.Contains(host.Name)).ToArray();
        var sources = plan.Moves.Select(move => move.Source).ToHashSet();
        var now = await Task.WhenAll(used.Where(host => sources.Contains(host.Name)).Select(host => host.GetDomainsAsync(DomainQuery.All, cancellationToken))).ConfigureAwait(false);
        var autostart = now.SelectMany(domains => domains).Where(domain => domain is { Autostart: true, Persistent: true }).Select(domain => domain.Uuid).ToHashSet();
        var recorded = await Task.WhenAll(used.Select(host => RecordedHost.OfAsync(host, cancellationToken))).ConfigureAwait(false);
        var journal = EvacuationJournal.Begin(plan, recorded, autostart);
        return Run(plan, journal, used, [.. plan.Moves.Select(move => new Journey(Wished(move, plan)) { Autostart = autostart.Contains(move.Domain.Uuid) })]);
    }

    /// <summary>Resumes an evacuation whose process has ended, or that was stopped. The hosts are asked where each domain is.</summary>
    /// <param name="id">The id of the evacuation.</param>
    /// <param name="hosts">Its hosts, connected under the names that it uses. A destination that is missing is one that is lost.</param>
    /// <exception cref="LiveMigrationException">There is none, its process lives, or a host to empty is missing.</exception>
    public static EvacuationRun Resume(string id, IReadOnlyList<LibvirtHost> hosts)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        var history = JournalFiles.Read(id);
        if (!history.IsWhole)
            throw new LiveMigrationException(Faults.JournalDamaged, $"The evacuation {id} ended before its plan was saved: nothing was started.");
        EvacuationPlanRules.Check(history.Plan, history.Plan.Moves.Select(move => move.Source).Distinct(), [.. hosts.Select(host => host.Name)]);
        var used = hosts.Where(host => history.Hosts.ContainsKey(host.Name)).ToArray();
        var journal = EvacuationJournal.Resume(id);
        return Run(history.Plan, journal, used, [.. history.Plan.Moves.Select(move => Left(move, history)).OrderByDescending(journey => journey.IsFoundling)]);
    }

    private static Journey Left(PlannedMove move, EvacuationHistory history)
    {
        var domain = history[move.Domain.Uuid];
        // Its attempts are counted from 0 again: who resumes it has fixed something.
        return new Journey(Wished(move, history.Plan))
        {
            State = domain.State is EvacuatedState.Moved ? EvacuatedState.Moved : EvacuatedState.Waiting,
            Destination = domain.State is EvacuatedState.Migrating or EvacuatedState.Moved ? domain.Destination ?? move.Destination : move.Destination,
            IsFoundling = domain.State is not EvacuatedState.Moved && domain.Attempts > 0,
            MayBePaused = history.MayBePaused(move.Domain.Uuid),
            Autostart = history.StartsWithHost(move.Domain.Uuid),
        };
    }

    /// <summary>The journal and the file of a plan tell what is wished once, not with each move.</summary>
    private static PlannedMove Wished(PlannedMove move, EvacuationPlan plan) => move with { Domain = plan.Description.Wish(move.Domain) };

    private static EvacuationRun Run(EvacuationPlan plan, EvacuationJournal journal, IEnumerable<LibvirtHost> hosts, IReadOnlyList<Journey> journeys)
    {
        var run = new EvacuationRun(journal.Id, plan);
        var conductor = new Conductor(run, journal, hosts.ToDictionary(host => host.Name), journeys);
        run.Begin(conductor.RunAsync, journal);
        return run;
    }
}
