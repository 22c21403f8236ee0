using LiveMigration.Errors;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.State;

namespace LiveMigration.Evacuation.Journals;

/// <summary>Steps → what was intended, and how far it came. Pure: the same steps tell the same.</summary>
internal sealed class EvacuationHistory
{
    private readonly List<Guid> _order = [];
    private readonly Dictionary<Guid, EvacuatedDomain> _domains = [];
    private readonly Dictionary<Guid, PlannedMove> _moves = [];
    private readonly Dictionary<Guid, PlannedMove> _begun = [];
    private readonly Dictionary<Guid, FleetDomain> _known = [];
    private readonly Dictionary<string, RecordedHost> _hosts = [];
    private readonly HashSet<Guid> _autostart = [];
    private readonly HashSet<Guid> _paused = [];
    private readonly List<UnmovableDomain> _unmovable = [];
    private readonly List<DateTimeOffset> _resumed = [];
    private readonly JournalStep _begin;
    private DateTimeOffset _last;
    private EvacuationPlan? _plan;
    private FleetDescription _description = FleetDescription.None;
    private JournalStep? _end;
    private string? _stopped;

    private EvacuationHistory(JournalStep begin) => (_begin, _last) = (begin, begin.Time);

    internal string Id => _begin["id"]!;

    /// <summary>The plan, as changed since.</summary>
    internal EvacuationPlan Plan => _plan ??= ReadPlan(_moves);

    /// <summary>Its hosts by their names.</summary>
    internal IReadOnlyDictionary<string, RecordedHost> Hosts => _hosts;

    internal EvacuatedDomain this[Guid vm] => _domains[vm];

    /// <summary>Whether the plan was written down whole; before that, nothing was begun.</summary>
    internal bool IsWhole { get; private set; }

    /// <exception cref="LiveMigrationException">It is not the journal of an evacuation, a part of it is lost, or a newer version wrote it.</exception>
    internal static EvacuationHistory Read(LogContent content, string file)
    {
        try
        {
            // A run that was resumed from a part of what was intended would do something else.
            if (!content.IsComplete)
                throw new FormatException(content.Damage[^1]);
            JournalStep[] steps = [.. content.Records.Select(JournalStep.Read)];
            if (steps is not [{ Kind: "begin" } begin, .. var rest])
                throw new FormatException(steps is [] ? "it is empty" : "it has no begin");
            var history = Of(begin);
            Array.ForEach(rest, history.Take);
            _ = history.Plan;
            return history;
        }
        catch (Exception error) when (error is FormatException or KeyNotFoundException or ArgumentException or OverflowException or InvalidOperationException)
        {
            throw new LiveMigrationException(Faults.JournalDamaged, $"The journal {file} cannot be read: {error.Message}.", innerException: error);
        }
    }

    /// <summary>One that has just begun.</summary>
    internal static EvacuationHistory Of(JournalStep begin) => new(begin);

    internal bool StartsWithHost(Guid vm) => _autostart.Contains(vm);

    /// <summary>Whether its last migration may have paused the guest.</summary>
    internal bool MayBePaused(Guid vm) => _paused.Contains(vm);

    /// <param name="journal">The file.</param>
    /// <param name="held">Whether a process writes it.</param>
    /// <param name="now">The time.</param>
    internal HostEvacuation Tell(string journal, bool held, DateTimeOffset now) => new()
    {
        Id = Id,
        Sources = Plan.Sources,
        IsReturn = Plan.IsReturn,
        State = held ? EvacuationState.Running : _end is null ? EvacuationState.Interrupted : _stopped is not null ? EvacuationState.Stopped
            : _domains.Values.All(domain => domain.State is EvacuatedState.Moved) ? EvacuationState.Completed : EvacuationState.Failed,
        StartTime = _begin.Time,
        EndTime = _end?.Time,
        Time = (held ? now : _last) - _begin.Time,
        PlannedTime = Plan.Makespan,
        Plan = ReadPlan(_begun),
        ResumeTimes = _resumed.ToArray(),
        StoppedBecause = _stopped,
        Domains = _order.Select(vm => _domains[vm]).ToArray(),
        Journal = journal,
    };

    /// <summary>One step more.</summary>
    internal void Take(JournalStep step)
    {
        (_last, _plan) = (step.Time, null);
        // What ended goes on: whatever follows an end is a resumption.
        _end = null;
        switch (step.Kind)
        {
            case "host":
                _hosts[step["name"]!] = RecordedHost.Read(step);
                break;
            case "link":
                _description = _description with { Links = [.. _description.Links, DescriptionSteps.ReadLink(step)] };
                break;
            case "limits":
                _description = _description with { Hosts = [.. _description.Hosts, DescriptionSteps.ReadLimits(step)] };
                break;
            case "wishes":
                _description = _description with { Domains = [.. _description.Domains, DescriptionSteps.ReadWishes(step)] };
                break;
            case "move":
                Move(step);
                break;
            case "stays":
                _unmovable.Add(PlanSteps.ReadStays(step));
                // Only where hosts are to be emptied is one that stays a part of the work, and the work not done.
                if (_begin["goal"] is null)
                    Add(step.Vm, new EvacuatedDomain { Uuid = step.Vm, Name = step["name"]!, Source = step["from"]!, State = EvacuatedState.Unmovable, Error = step["reason"] });
                break;
            case "ready":
                IsWhole = true;
                break;
            case "resume":
                _stopped = null;
                _resumed.Add(step.Time);
                // Whoever was left because it stopped has another chance; who failed has, too.
                foreach (var vm in _order.Where(vm => _domains[vm].State is EvacuatedState.Stayed or EvacuatedState.Unclear))
                    _domains[vm] = _domains[vm] with { State = EvacuatedState.Waiting, Error = null, Fault = null };
                break;
            case "attempt":
                Attempt(step);
                break;
            case "failed":
                Change(step, domain => Ended(domain, step, EvacuatedState.Waiting));
                break;
            case "moved":
                Change(step, domain => Ended(domain, step, EvacuatedState.Moved) with { Destination = step["to"], Error = null, Fault = null });
                break;
            case "stayed":
                Change(step, domain => Ended(domain, step, EvacuatedState.Stayed));
                break;
            case "unclear":
                Change(step, domain => Ended(domain, step, EvacuatedState.Unclear));
                break;
            case "stop":
                _stopped = step["reason"];
                break;
            case "end":
                _end = step;
                break;
            default:
                throw new FormatException($"'{step.Kind}' is not a valid step");
        }
    }

    private void Move(JournalStep step)
    {
        var move = _moves[step.Vm] = PlanSteps.ReadMove(step, _known);
        _known[step.Vm] = move.Domain;
        _begun.TryAdd(step.Vm, move);
        if (step.Flag("autostart"))
            _autostart.Add(step.Vm);
        Add(step.Vm, _domains.GetValueOrDefault(step.Vm, new EvacuatedDomain { Uuid = step.Vm, Name = move.Domain.Name, Source = move.Source }) with
        {
            Destination = move.Destination,
            PlannedTime = move.Time,
        });
    }

    private void Attempt(JournalStep step)
    {
        if (step.Flag("pauses"))
            _paused.Add(step.Vm);
        Change(step, domain => domain with
        {
            State = EvacuatedState.Migrating, Destination = step["to"], Attempts = domain.Attempts + 1, StartTime = step.Time, Error = null, Fault = null,
            Tries = Tries.Begin(domain.Tries, step).ToArray(),
        });
    }

    private static EvacuatedDomain Ended(EvacuatedDomain domain, JournalStep step, EvacuatedState state) => domain with
    {
        State = state,
        Time = step.Number("time") is { } time ? TimeSpan.FromMilliseconds(time) : domain.Time,
        Downtime = step.Number("downtime") is { } downtime ? TimeSpan.FromMilliseconds(downtime) : domain.Downtime,
        Transferred = step.Number("bytes") is { } bytes ? (domain.Transferred ?? 0) + bytes : domain.Transferred,
        Error = step["error"],
        Fault = Faults.Find(step["fault"]),
        Tries = Tries.End(domain.Tries, step, state).ToArray(),
    };

    private EvacuationPlan ReadPlan(Dictionary<Guid, PlannedMove> moves) =>
        PlanSteps.ReadPlan(_begin, _order.Where(moves.ContainsKey).Select(vm => moves[vm]).ToArray(), _unmovable.ToArray()) with { Description = _description };

    private void Change(JournalStep step, Func<EvacuatedDomain, EvacuatedDomain> change) => _domains[step.Vm] = change(_domains[step.Vm]);

    private void Add(Guid vm, EvacuatedDomain domain)
    {
        if (!_domains.ContainsKey(vm))
            _order.Add(vm);
        _domains[vm] = domain;
    }
}
