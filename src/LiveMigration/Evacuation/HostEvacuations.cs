using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Evacuation.Running;
using LiveMigration.Hosts;
using LiveMigration.State;
using LiveMigration.Tracing;

namespace LiveMigration.Evacuation;

/// <summary>The evacuations of a store, which any process of its user can read, ask to stop, and resume once their own has ended.</summary>
/// <param name="state">Where their journals are.</param>
public sealed class HostEvacuations(StateStore state)
{
    private readonly EvacuationJournals _journals = new(state);

    private EvacuationRemoval Removal => new(state, _journals);

    /// <summary>The ids of all, the oldest first.</summary>
    public IReadOnlyList<string> Ids => _journals.Ids;

    /// <summary>Reads one.</summary>
    /// <param name="id">The id of the evacuation.</param>
    /// <exception cref="LiveMigrationException">There is none, or its journal cannot be read.</exception>
    public HostEvacuation Get(string id) => _journals.Tell(id);

    /// <summary>The hosts of an evacuation. Before it is resumed, <see cref="RecordedHost.CheckAsync"/> tells whether a connected host is one of them.</summary>
    /// <param name="id">The id of the evacuation.</param>
    public IReadOnlyList<RecordedHost> HostsOf(string id) => [.. _journals.Read(id).Hosts.Values];

    /// <summary>The plan that an evacuation started with, as changed since.</summary>
    /// <param name="id">The id of the evacuation.</param>
    public EvacuationPlan PlanOf(string id) => _journals.Read(id).Plan;

    /// <summary>What the journal of an evacuation is still needed for, as a sentence: to be resumed, or to bring VMs back. Null when nothing needs it.</summary>
    /// <param name="id">The id of the evacuation.</param>
    /// <exception cref="LiveMigrationException">There is none, or its journal cannot be read.</exception>
    public string? WhyNeeded(string id) => Removal.WhyNeeded(id);

    /// <summary>Removes the journal of an evacuation that no process carries out, whether or not something still needs it.</summary>
    /// <param name="id">The id of the evacuation.</param>
    /// <exception cref="LiveMigrationException">There is none, a process carries it out, or it cannot be removed.</exception>
    public void Remove(string id)
    {
        if (!Ids.Contains(id))
            throw new LiveMigrationException(Faults.EvacuationNotFound, $"There is no evacuation '{id}'.");
        Removal.Remove(id);
    }

    /// <summary>The hosts that are being emptied now.</summary>
    internal IReadOnlyCollection<string> Emptying() =>
        Ids.Where(_journals.IsRunning).Select(id => _journals.Read(id).Plan).Where(plan => plan is { IsReturn: false, Goal: EvacuationGoal.Evacuate }).SelectMany(plan => plan.Sources).ToHashSet();

    /// <summary>Asks the process that carries it out, whichever it is, to start no further migration.</summary>
    /// <param name="id">The id of the evacuation.</param>
    /// <param name="abort">Whether to abort those under way, too; otherwise they finish.</param>
    /// <exception cref="LiveMigrationException">No process carries it out.</exception>
    public void RequestStop(string id, bool abort)
    {
        _ = _journals.Read(id);
        if (!_journals.IsRunning(id))
            throw new LiveMigrationException(Faults.EvacuationNotRunning, $"The evacuation {id} is not running.");
        File.WriteAllText(_journals.StopRequest(id), abort ? "abort" : "finish");
    }

    /// <summary>Begins to carry a plan out, and returns when its journal is on the disk.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="hosts">Its hosts, connected under the names that it uses.</param>
    /// <param name="cancellationToken">Gives up before it has begun.</param>
    /// <exception cref="LiveMigrationException">A host of the plan is missing, or the plan contradicts itself.</exception>
    public async Task<EvacuationRun> StartAsync(EvacuationPlan plan, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(hosts);
        EvacuationPlanRules.Check(plan, plan.Hosts, [.. hosts.Select(host => host.Name)]);
        var used = hosts.Where(host => plan.Hosts.Contains(host.Name)).ToArray();
        var sources = plan.Moves.Select(move => move.Source).ToHashSet();
        var now = await Task.WhenAll(used.Where(host => sources.Contains(host.Name)).Select(host => host.GetDomainsAsync(DomainQuery.All, cancellationToken))).ConfigureAwait(false);
        var autostart = now.SelectMany(domains => domains).Where(domain => domain is { Autostart: true, Persistent: true }).Select(domain => domain.Uuid).ToHashSet();
        var recorded = await Task.WhenAll(used.Select(host => RecordedHost.OfAsync(host, cancellationToken))).ConfigureAwait(false);
        Removal.Prune();
        var journal = _journals.Begin(plan, recorded, autostart);
        var run = Run(plan, journal, used, [.. plan.Moves.Select(move => new MoveState(Wished(move, plan)) { Autostart = autostart.Contains(move.Domain.Uuid) })]);
        MigrationMetrics.Count(MigrationMetrics.EvacuationsStarted, 1);
        return run;
    }

    /// <summary>Resumes an evacuation whose process has ended, or that was stopped. The hosts are asked where each domain is.</summary>
    /// <param name="id">The id of the evacuation.</param>
    /// <param name="hosts">Its hosts, connected under the names that it uses. A destination that is missing is one that is lost.</param>
    /// <exception cref="LiveMigrationException">There is none, its process lives, or a host to empty is missing.</exception>
    public EvacuationRun Resume(string id, IReadOnlyList<LibvirtHost> hosts)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        var history = _journals.Read(id);
        if (!history.IsWhole)
            throw new LiveMigrationException(Faults.JournalDamaged, $"The evacuation {id} ended before its plan was saved: nothing was started.");
        EvacuationPlanRules.Check(history.Plan, history.Plan.Moves.Select(move => move.Source).Distinct(), [.. hosts.Select(host => host.Name)]);
        var used = hosts.Where(host => history.Hosts.ContainsKey(host.Name)).ToArray();
        var journal = _journals.Resume(id);
        return Run(history.Plan, journal, used, [.. history.Plan.Moves.Select(move => Left(move, history)).OrderByDescending(move => move.IsInterrupted)]);
    }

    /// <summary>Plans how the domains that an evacuation moved return from where they are now.</summary>
    /// <param name="id">The id of the evacuation.</param>
    /// <param name="hosts">Its hosts, connected under the names that it uses.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The plan, and what is not as the evacuation left it.</returns>
    public async Task<(EvacuationPlan Plan, IReadOnlyList<string> Changes)> PlanReturnAsync(
        string id, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        var history = _journals.Read(id);
        var moved = history.Tell("", held: false, default).Domains.Where(domain => domain.State is EvacuatedState.Moved or EvacuatedState.Migrating or EvacuatedState.Unclear).ToArray();
        return await ReturnPlanner.PlanAsync(history.Plan, moved, await PlacesAsync(hosts, cancellationToken).ConfigureAwait(false), hosts, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ILookup<Guid, string>> PlacesAsync(IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken)
    {
        var now = await Task.WhenAll(hosts.Select(host => host.GetDomainsAsync(DomainQuery.All, cancellationToken))).ConfigureAwait(false);
        return now.SelectMany(domains => domains).Where(domain => domain.Status.IsActive).ToLookup(domain => domain.Uuid, domain => domain.HostName);
    }

    private static MoveState Left(PlannedMove move, EvacuationHistory history)
    {
        var domain = history[move.Domain.Uuid];
        // Its attempts are counted from 0 again: who resumes it has fixed something.
        return new MoveState(Wished(move, history.Plan))
        {
            State = domain.State is EvacuatedState.Moved ? EvacuatedState.Moved : EvacuatedState.Waiting,
            Destination = domain.State is EvacuatedState.Migrating or EvacuatedState.Moved ? domain.Destination ?? move.Destination : move.Destination,
            IsInterrupted = domain.State is not EvacuatedState.Moved && domain.Attempts > 0,
            MayBePaused = history.MayBePaused(move.Domain.Uuid),
            Autostart = history.StartsWithHost(move.Domain.Uuid),
        };
    }

    /// <summary>The journal and the file of a plan tell what is wished once, not with each move.</summary>
    private static PlannedMove Wished(PlannedMove move, EvacuationPlan plan) => move with { Domain = plan.Description.Wish(move.Domain) };

    private static EvacuationRun Run(EvacuationPlan plan, EvacuationJournal journal, IEnumerable<LibvirtHost> hosts, IReadOnlyList<MoveState> moves)
    {
        var run = new EvacuationRun(journal.Id, plan);
        var executor = new EvacuationExecutor(run, journal, hosts.ToDictionary(host => host.Name), moves);
        run.Begin(executor.RunAsync, journal);
        return run;
    }
}
