using System.Text.RegularExpressions;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.State;
using LiveMigration.Storage;
using LiveMigration.Units;
using static LiveMigration.Tests.Evacuation.Fleets;

namespace LiveMigration.Tests.Evacuation.Journals;

/// <summary>V3: from the journal alone it is known what was intended, and how far it came.</summary>
public sealed partial class EvacuationHistoryTests
{
    private static readonly EvacuationPlan Plan = EvacuationPlanner.Plan(
        Three(Domain("web 1", dirty: "3MiB/s") with { Priority = 2 }, Domain("db") with { Storage = ["b", "c"] }, Domain("gpu") with { Pinned = "a PCI device = passed, through" }),
        ["a"],
        new EvacuationOptions { MaxOutgoing = 1, Bandwidth = Bandwidth.Parse("200Mbit/s"), Destinations = ["b", "c"] }) with
    {
        Description = new FleetDescription
        {
            Links = [Link("line 1", "10Gbit/s", most: 4), Link("nas")],
            Hosts = [new() { Name = "a*", Links = ["line 1"], MaxOutgoing = 2 }, new() { Name = "b", Storage = "nas", VCpus = 8, MaxIncoming = 3, ReservedMemory = ByteSize.Parse("1GiB") }],
            Domains = [new() { Name = "db, *", AntiAffinityGroup = "db", Priority = -1 }, new() { Name = "gpu", Pinned = "so", AffinityGroup = "it", Storage = ["nas"] }],
        },
        Policy = new EvacuationPolicy
        {
            OnFailure = OnFailure.Suspend, Attempts = 5, MaxFailures = 2, Canary = 1, Deadline = new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.FromHours(1)),
            OnDeadline = OnDeadline.PostCopy, AutoConverge = true, MaxDowntime = Duration.FromMilliseconds(700), Compression = MigrationCompression.None, CopyStorage = CopyStorage.Full, AssumeShared = ["vdb", "web1/vdc"], AllowLosingSnapshots = ["vda"], PrepareTimeout = Duration.Parse("25min"), AllowUnsafe = true, Tls = MigrationTls.Required, SkipReadiness = ["LM07*", "LM001"],
        },
    };

    [Fact]
    public void The_plan_is_read_as_it_was_written()
    {
        var history = Read();
        Assert.True(history.IsWhole);
        Assert.Equal(Plan.Policy with { AssumeShared = [], AllowLosingSnapshots = [], SkipReadiness = [] }, history.Plan.Policy with { AssumeShared = [], AllowLosingSnapshots = [], SkipReadiness = [] });
        Assert.Equal(Plan.Policy.AssumeShared, history.Plan.Policy.AssumeShared);
        Assert.Equal(Plan.Policy.AllowLosingSnapshots, history.Plan.Policy.AllowLosingSnapshots);
        Assert.Equal(["LM07*", "LM001"], history.Plan.Policy.SkipReadiness);
        Assert.Equal(Plan.Options with { Destinations = [] }, history.Plan.Options with { Destinations = [] });
        Assert.Equal(Plan.Options.Destinations, history.Plan.Options.Destinations);
        Assert.Equal(Plan.Moves.Select(Text), history.Plan.Moves.Select(Text));
        Assert.Equal(Plan.Unmovable.Select(stays => $"{stays} {stays.Remedy}"), history.Plan.Unmovable.Select(stays => $"{stays} {stays.Remedy}"));
        Assert.Equal(Said(Plan), Said(history.Plan));
        Assert.Equal(((long)Math.Round(Plan.Makespan.TotalMilliseconds), (long)Math.Round(Plan.LowerBound.TotalMilliseconds)), ((long)history.Plan.Makespan.TotalMilliseconds, (long)history.Plan.LowerBound.TotalMilliseconds));

        static string Said(EvacuationPlan plan) => System.Text.Json.JsonSerializer.Serialize(plan.Description);
        static string Text(PlannedMove move) => $"{move} {string.Join(',', move.Alternatives)} {move.Domain.Memory} {move.Domain.DirtyRate} {move.Domain.Priority} {string.Join(',', move.Domain.Storage)} {move.Wave} {move.Bytes} {move.Alone}";
    }

    [Fact]
    public void Each_domain_is_where_its_last_step_left_it()
    {
        var (web, db) = (Uuid("web 1"), Uuid("db"));
        var evacuation = Tell(
            JournalStep.Of("attempt", ("vm", web), ("to", "b")),
            JournalStep.Of("failed", ("vm", web), ("fault", "StreamBroken"), ("error", "It broke."), ("bytes", 100)),
            JournalStep.Of("attempt", ("vm", web), ("to", "c")),
            JournalStep.Of("moved", ("vm", web), ("to", "c"), ("time", 1500), ("downtime", 40), ("bytes", 1000)),
            JournalStep.Of("attempt", ("vm", db), ("to", "b")));
        Assert.Equal(EvacuationState.Interrupted, evacuation.State);
        var moved = evacuation.Domains.Single(domain => domain.Uuid == Guid.Parse(web));
        Assert.Equal((EvacuatedState.Moved, "c", 2, 1500.0, 40.0, 1100L, null), (moved.State, moved.Destination, moved.Attempts, moved.Time!.Value.TotalMilliseconds, moved.Downtime!.Value.TotalMilliseconds, moved.Transferred!.Value, moved.Error));
        Assert.Equal(EvacuatedState.Migrating, evacuation.Domains.Single(domain => domain.Name == "db").State);
        Assert.Equal(EvacuatedState.Unmovable, evacuation.Domains.Single(domain => domain.Name == "gpu").State);
        // What nobody counted is not 0.
        Assert.Null(evacuation.Domains.Single(domain => domain.Name == "db").Transferred);
        Assert.Equal(1100L, evacuation.Transferred);
        Assert.Equal((1, 1, 1, false), (evacuation.Moved, evacuation.Left, evacuation.Stayed, evacuation.IsComplete));
    }

    [Fact]
    public void Each_try_is_told_and_so_is_the_plan_before_it_was_changed()
    {
        var web = Plan.Moves.Single(move => move.Domain.Name == "web 1");
        var vm = $"{web.Domain.Uuid}";
        var begin = new DateTimeOffset(2026, 12, 31, 22, 0, 0, TimeSpan.Zero);
        var history = Read(
            JournalStep.Of("attempt", ("vm", vm), ("to", "b")) with { Time = begin },
            JournalStep.Of("failed", ("vm", vm), ("fault", "StreamBroken"), ("error", "It broke."), ("bytes", 3000)) with { Time = begin.AddSeconds(3) },
            PlanSteps.Move(web with { Destination = "c", Start = new Duration(TimeSpan.FromMilliseconds(99_000)) }, autostart: false),
            JournalStep.Of("attempt", ("vm", vm), ("to", "c")),
            // Here its process is killed.
            JournalStep.Of("resume"),
            JournalStep.Of("attempt", ("vm", vm), ("to", "c")),
            JournalStep.Of("moved", ("vm", vm), ("to", "c"), ("downtime", 40), ("bytes", 1000)));
        var evacuation = history.Tell("file", held: false, default);
        var tries = evacuation.Domains.Single(domain => domain.Name == "web 1").Tries;
        Assert.Equal([("b", EvacuatedState.Stayed), ("c", EvacuatedState.Stayed), ("c", EvacuatedState.Moved)], tries.Select(one => (one.Destination, one.State)));
        Assert.Equal((3000.0, 1000L, "It broke.", Faults.StreamBroken), (tries[0].Time!.Value.TotalMilliseconds, tries[0].Rate!.Value, tries[0].Error, tries[0].Fault));
        Assert.Equal((null, null), (tries[1].EndTime, tries[1].Rate));
        Assert.Equal((40.0, 1000L, null), (tries[2].Downtime!.Value.TotalMilliseconds, tries[2].Transferred!.Value, tries[2].Error));
        Assert.Equal(web.Start, evacuation.Plan.Moves.Single(move => move.Domain.Name == "web 1").Start);
        Assert.Equal(99_000, history.Plan.Moves.Single(move => move.Domain.Name == "web 1").Start.TotalMilliseconds);
        Assert.Single(evacuation.ResumeTimes);
    }

    [Fact]
    public void Who_stayed_has_another_chance_when_it_is_resumed()
    {
        var db = Uuid("db");
        JournalStep[] steps =
        [
            JournalStep.Of("attempt", ("vm", db), ("to", "b"), ("pauses", true)),
            JournalStep.Of("stayed", ("vm", db), ("fault", "NotConverging"), ("error", "It does not.")),
            JournalStep.Of("stop", ("reason", "a stop was requested")),
            JournalStep.Of("end"),
        ];
        var stopped = Tell(steps);
        Assert.Equal((EvacuationState.Stopped, "a stop was requested"), (stopped.State, stopped.StoppedBecause));
        Assert.Equal(Faults.NotConverging, stopped.Domains.Single(domain => domain.Name == "db").Fault);

        var resumed = Read([.. steps, JournalStep.Of("resume")]);
        Assert.Equal(EvacuatedState.Waiting, resumed[Guid.Parse(db)].State);
        Assert.True(resumed.MayBePaused(Guid.Parse(db)));
        Assert.Equal(EvacuationState.Running, resumed.Tell("file", held: true, default).State);
    }

    /// <summary>The page that others read the format from is made by hand.</summary>
    [Fact]
    public void Every_field_of_a_plan_is_on_the_page_of_its_step()
    {
        var page = File.ReadLines(Checkout.PathOf("docs", "JOURNAL.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .ToLookup(line => line.Split(' ')[1], line => Word().Matches(line).Select(word => word.Value).ToHashSet());
        Assert.All(
            Steps().SelectMany(step => step.Fields.All.Select(field => (step.Kind, field.Name))),
            pair => Assert.Contains(pair.Name, Assert.Single(page[pair.Kind])));
    }

    [Fact]
    public void What_is_no_journal_is_refused_and_so_is_one_of_which_a_part_is_lost()
    {
        foreach (var steps in new JournalStep[][] { [], [JournalStep.Of("end")], [PlanSteps.Begin("id", Plan), JournalStep.Of("dance")], [PlanSteps.Begin("id", Plan), JournalStep.Of("moved")] })
            Assert.Equal(Faults.JournalDamaged, Assert.Throws<LiveMigrationException>(() => EvacuationHistory.Read(Content(steps), "file")).Fault);
        var whole = Content(Steps());
        Assert.True(EvacuationHistory.Read(whole with { Damage = ["line 3 repeats record 2"] }, "file").IsWhole);
        Assert.Contains("record 5 is missing", Assert.Throws<LiveMigrationException>(() => EvacuationHistory.Read(whole with { Damage = ["record 5 is missing"], IsComplete = false }, "file")).Message, StringComparison.Ordinal);
    }

    private static string Uuid(string name) => $"{Domain(name).Uuid}";

    private static HostEvacuation Tell(params JournalStep[] steps) => Read(steps).Tell("file", held: false, default);

    private static EvacuationHistory Read(params JournalStep[] steps) => EvacuationHistory.Read(Content(Steps(steps)), "file");

    private static JournalStep[] Steps(params JournalStep[] steps) =>
    [
        PlanSteps.Begin("id", Plan),
        new RecordedHost("a", "qemu+ssh://a/system?x=1", Guid.Parse("44454c4c-3500-1051-8052-b4c04f344b32")).Write(),
        .. DescriptionSteps.Of(Plan.Description),
        .. Plan.Moves.Select(move => PlanSteps.Move(move, autostart: true)),
        .. Plan.Unmovable.Select(PlanSteps.Stays),
        JournalStep.Of("ready"),
        .. steps,
    ];

    /// <summary>As a log has them: each has gone through its line.</summary>
    private static LogContent Content(JournalStep[] steps) => new(
        [.. steps.Select(step => RecordLine.Read(RecordLine.Write(new StateRecord("evacuation", step.Time, default(RecordWriter) with { Machine = "m", Boot = "b" }, new RecordFields(step.Write())), 1).AsMemory(..^1)).Record!)],
        [], IsComplete: true, steps.Length + 1, EndsInLine: false);

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}
