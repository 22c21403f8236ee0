using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Metrics;
using LiveMigration.Migration;
using LiveMigration.Migration.History;
using LiveMigration.Planning;
using LiveMigration.Tests.State;
using static LiveMigration.Tests.Evacuation.Fleets;

namespace LiveMigration.Tests.Evacuation.Journals;

/// <summary>M8: journals are removed when nothing needs them, and not before.</summary>
public sealed class EvacuationRemovalTests : IDisposable
{
    private static readonly EvacuationPlan Plan = EvacuationPlanner.Plan(Three(Domain("web1"), Domain("db1")), ["a"], new EvacuationOptions { Destinations = ["b", "c"] });

    private readonly GivenState _state = new();

    private EvacuationJournals Journals => new(_state.Store);

    private HostEvacuations Evacuations => new(_state.Store);

    public void Dispose() => _state.Dispose();

    [Fact]
    public void One_that_runs_is_never_removed()
    {
        using var journal = Begin(Plan);
        Assert.Equal("It is running.", Evacuations.WhyNeeded(journal.Id));
        Assert.Equal(Faults.EvacuationRuns, Assert.Throws<LiveMigrationException>(() => Evacuations.Remove(journal.Id)).Fault);
        Assert.Equal([journal.Id], Evacuations.Ids);
    }

    [Fact]
    public void One_that_can_be_resumed_is_needed()
    {
        var interrupted = Run(Plan, end: false);
        var stopped = Run(Plan, journal => journal.Stop("lunch"));
        Assert.Contains("interrupted, and Resume-HostEvacuation can continue it", Evacuations.WhyNeeded(interrupted), StringComparison.Ordinal);
        Assert.Contains("stopped, and Resume-HostEvacuation can continue it", Evacuations.WhyNeeded(stopped), StringComparison.Ordinal);
        Evacuations.Remove(interrupted);
        Assert.Equal([stopped], Evacuations.Ids);
    }

    [Fact]
    public void One_that_left_a_VM_where_it_was_is_needed_until_that_has_moved()
    {
        var id = Run(Plan, journal => journal.Stayed(Id("web1"), new LiveMigrationException(Faults.Timeout, "late"), result: null));
        Assert.Equal("Not moved: 'web1'. Resume-HostEvacuation can try again.", Evacuations.WhyNeeded(id));
        Assert.Null(Add("web1", "a", "c"));
        Assert.Null(Evacuations.WhyNeeded(id));
    }

    [Fact]
    public void One_with_a_VM_that_nobody_knows_the_place_of_is_needed()
    {
        var id = Run(Plan, journal => journal.Unclear(Id("web1"), new LiveMigrationException(Faults.HostNotAnswering, "silent"), result: null));
        Assert.Contains("not known where 'web1' is", Evacuations.WhyNeeded(id), StringComparison.Ordinal);
    }

    /// <summary>V4: VMs are moved back by its journal.</summary>
    [Fact]
    public void One_whose_VMs_are_away_is_needed_until_each_is_known_to_be_back()
    {
        var id = Moved();
        Assert.Contains("Not known to be back on a: 'db1', 'web1'.", Evacuations.WhyNeeded(id), StringComparison.Ordinal);
        Assert.Null(Add("web1", "b", "a"));
        Assert.Contains("Not known to be back on a: 'db1'.", Evacuations.WhyNeeded(id), StringComparison.Ordinal);
        Assert.Null(Add("db1", "b", "c"));
        Assert.NotNull(Evacuations.WhyNeeded(id));
        Assert.Null(Add("db1", "c", "a", MigrationOutcome.Failed));
        Assert.NotNull(Evacuations.WhyNeeded(id));
        Assert.Null(Add("db1", "c", "a"));
        Assert.Null(Evacuations.WhyNeeded(id));
        // It left again, and not because of this.
        Assert.Null(Add("db1", "a", "b"));
        Assert.Null(Evacuations.WhyNeeded(id));
    }

    /// <summary>What moved VMs back is proof without the history, which may be shorter.</summary>
    [Fact]
    public void A_return_is_needed_for_nothing_and_is_proof()
    {
        var id = Moved();
        var back = Return();
        Assert.Null(Evacuations.WhyNeeded(back));
        Assert.Null(Evacuations.WhyNeeded(id));
        Evacuations.Remove(id);
        Assert.Equal([back], Evacuations.Ids);
        Assert.Equal(Faults.EvacuationNotFound, Assert.Throws<LiveMigrationException>(() => Evacuations.Remove(id)).Fault);
    }

    [Fact]
    public void Old_journals_go_when_another_evacuation_begins_if_nothing_needs_them()
    {
        var (over, back) = (Moved(), Return());
        var away = Moved();
        var interrupted = Run(Plan, end: false);
        _state.Clock.Advance(TimeSpan.FromDays(365));
        var later = Run(Plan);
        _state.Clock.Advance(TimeSpan.FromDays(400));
        new EvacuationRemoval(_state.Store, Journals).Prune();
        Assert.Equal(new[] { away, interrupted, later }.Order(StringComparer.Ordinal), Evacuations.Ids);
        Assert.DoesNotContain(over, Evacuations.Ids);
        Assert.DoesNotContain(back, Evacuations.Ids);
        // Five were started, and five were started.
        Assert.Contains("\nlivemigration_evacuations_started_total 5\n", MetricSnapshot.Take(_state.Store, new Dictionary<string, bool>()).ToPrometheus(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_oldest_go_when_all_are_too_large()
    {
        string[] over = [Run(Plan), Run(Plan), Run(Plan)];
        var size = new FileInfo(Journals.File(over[0])).Length;
        File.WriteAllText(Path.Combine(_state.Folder, "retention.json"), $$$"""{"evacuations": {"size": {{{size * 2 + 100}}}}}""");
        new EvacuationRemoval(_state.Store, Journals).Prune();
        Assert.Equal(over[1..], Evacuations.Ids);
    }

    /// <summary>A clock that was wrong once costs nothing, and neither does a setting that is wrong.</summary>
    [Fact]
    public void Where_everything_is_old_or_the_setting_is_not_valid_nothing_goes()
    {
        var over = Run(Plan);
        _state.Clock.Advance(TimeSpan.FromDays(70 * 365));
        new EvacuationRemoval(_state.Store, Journals).Prune();
        Assert.Equal([over], Evacuations.Ids);
        Run(Plan);
        File.WriteAllText(Path.Combine(_state.Folder, "retention.json"), """{"evacuations": {"months": "one"}}""");
        new EvacuationRemoval(_state.Store, Journals).Prune();
        Assert.Equal(2, Evacuations.Ids.Count);
    }

    [Fact]
    public void A_journal_that_cannot_be_read_stays_and_can_be_removed()
    {
        var id = Run(Plan);
        File.WriteAllText(Journals.File(id), File.ReadAllText(Journals.File(id)).Replace("ready", "raedy", StringComparison.Ordinal));
        Assert.Equal(Faults.JournalDamaged, Assert.Throws<LiveMigrationException>(() => Evacuations.WhyNeeded(id)).Fault);
        Assert.Contains("livemigration_evacuations{state=\"damaged\"} 1\n", MetricSnapshot.Take(_state.Store, new Dictionary<string, bool>()).ToPrometheus(), StringComparison.Ordinal);
        Evacuations.Remove(id);
        Assert.Empty(Evacuations.Ids);
    }

    private static Guid Id(string name) => Domain(name).Uuid;

    private string Moved() => Run(Plan, journal => Move(journal, "b"));

    private string Return() => Run(
        EvacuationPlanner.Plan(Three(Domain("web1", "b"), Domain("db1", "b")), ["b"], new EvacuationOptions { Destinations = ["a"] }) with { IsReturn = true }, journal => Move(journal, "a"));

    private static void Move(EvacuationJournal journal, string to)
    {
        foreach (var name in (string[])["web1", "db1"])
        {
            journal.Attempt(Id(name), to, pauses: false);
            journal.Moved(Id(name), to, result: null);
        }
    }

    private string Run(EvacuationPlan plan, Action<EvacuationJournal>? steps = null, bool end = true)
    {
        using var journal = Begin(plan);
        steps?.Invoke(journal);
        if (end)
            journal.End();
        return journal.Id;
    }

    /// <summary>Each begins a minute after the one before: ids are in the order of time.</summary>
    private EvacuationJournal Begin(EvacuationPlan plan)
    {
        _state.Clock.Advance(TimeSpan.FromMinutes(1));
        return Journals.Begin(plan, [], new HashSet<Guid>());
    }

    private string? Add(string name, string from, string to, MigrationOutcome outcome = MigrationOutcome.Completed)
    {
        _state.Clock.Advance(TimeSpan.FromMinutes(1));
        return new MigrationHistory(_state.Store).TryAdd(
            new MigrationResult
            {
                Name = name, Uuid = Id(name), Outcome = outcome, Source = from, Destination = to, Verdict = MigrationVerdict.Moved, FinalName = name, Mode = MigrationMode.PeerToPeer,
                StartTime = _state.Clock.GetUtcNow(), TotalTime = TimeSpan.FromSeconds(5), Settings = MigrationOptions.Default,
            },
            isForeign: false);
    }
}
