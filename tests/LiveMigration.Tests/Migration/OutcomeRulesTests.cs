using LiveMigration.Domains;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Migration.Libvirt;

namespace LiveMigration.Tests.Migration;

/// <summary>M3: two running copies, or none, is what must never be called a success.</summary>
public sealed class OutcomeRulesTests
{
    /// <summary>Whatever a host can say, and reasons that libvirt may add.</summary>
    private static readonly GuestPresence[] Presences =
    [
        GuestPresence.Absent,
        GuestPresence.Unreachable,
        .. Enum.GetValues<DomainState>().SelectMany(state => Enumerable.Range(0, 16).Select(reason => LibvirtPresence.Of(new DomainStatus(state, reason)))),
    ];

    private static readonly (GuestPresence Source, GuestPresence Destination, bool MayBePaused)[] Pairs =
    [
        .. from source in Presences
           from destination in Presences
           from mayBePaused in Enumerable.Range(0, 2)
           select (source, destination, mayBePaused == 1),
    ];

    private static readonly Dictionary<string, GuestPresence> Named = new()
    {
        ["gone"] = GuestPresence.Absent,
        ["silent"] = GuestPresence.Unreachable,
        ["running"] = Of(DomainState.Running, 1),
        ["running, migrated"] = Of(DomainState.Running, 2),
        ["running, canceled"] = Of(DomainState.Running, 6),
        ["running, post-copy"] = Of(DomainState.Running, 10),
        ["running, post-copy failed"] = Of(DomainState.Running, 11),
        ["paused"] = Of(DomainState.Paused, 1),
        ["paused, unknown"] = Of(DomainState.Paused, 0),
        ["paused, migrating"] = Of(DomainState.Paused, 2),
        ["paused, I/O error"] = Of(DomainState.Paused, 5),
        ["paused, starting"] = Of(DomainState.Paused, 11),
        ["paused, post-copy"] = Of(DomainState.Paused, 12),
        ["paused, post-copy failed"] = Of(DomainState.Paused, 13),
        ["off"] = Of(DomainState.ShutOff, 1),
        ["off, crashed"] = Of(DomainState.ShutOff, 3),
        ["off, migrated"] = Of(DomainState.ShutOff, 4),
        ["off, destroyed"] = Of(DomainState.ShutOff, 2),
        ["off, failed"] = Of(DomainState.ShutOff, 6),
        ["panicked"] = Of(DomainState.Crashed, 1),
        ["asleep"] = Of(DomainState.PmSuspended, 0),
    };

    [Theory]
    // The guest went over, and the source forgot it, kept its definition, or cannot be asked.
    [InlineData("gone", "running, migrated", MigrationVerdict.Moved)]
    [InlineData("off, migrated", "running, migrated", MigrationVerdict.Moved)]
    [InlineData("silent", "running, migrated", MigrationVerdict.Moved)]
    [InlineData("gone", "paused, I/O error", MigrationVerdict.Moved)]
    [InlineData("gone", "running, post-copy", MigrationVerdict.Moved)]
    [InlineData("off, migrated", "running, post-copy", MigrationVerdict.Moved)]
    // It stayed, and the destination has nothing, an old definition, or cannot be asked.
    [InlineData("running", "gone", MigrationVerdict.Stayed)]
    [InlineData("running, canceled", "off", MigrationVerdict.Stayed)]
    [InlineData("running", "silent", MigrationVerdict.Stayed)]
    [InlineData("paused, I/O error", "gone", MigrationVerdict.Stayed)]
    [InlineData("paused", "off, failed", MigrationVerdict.Stayed)]
    // Paused at the source for a reason of its own it may have been handed over all the same.
    [InlineData("paused, I/O error", "silent", MigrationVerdict.Unsettled)]
    [InlineData("paused", "silent", MigrationVerdict.Unsettled)]
    [InlineData("panicked", "silent", MigrationVerdict.Unsettled)]
    // It is stopped for a migration that is over.
    [InlineData("paused, migrating", "gone", MigrationVerdict.StayedPaused)]
    [InlineData("paused, migrating", "off", MigrationVerdict.StayedPaused)]
    // The hosts are at it still: the copy there is not gone yet, or not running yet.
    [InlineData("running", "paused, migrating", MigrationVerdict.Unsettled)]
    [InlineData("running", "paused, starting", MigrationVerdict.Unsettled)]
    [InlineData("paused, migrating", "paused, migrating", MigrationVerdict.Unsettled)]
    [InlineData("paused, migrating", "running, migrated", MigrationVerdict.Unsettled)]
    [InlineData("gone", "paused, migrating", MigrationVerdict.Unsettled)]
    // A guest that was handed over, or not: only the silent host knows.
    [InlineData("paused, migrating", "silent", MigrationVerdict.Unsettled)]
    [InlineData("silent", "paused, migrating", MigrationVerdict.Unsettled)]
    [InlineData("gone", "silent", MigrationVerdict.Unsettled)]
    [InlineData("silent", "gone", MigrationVerdict.Unsettled)]
    [InlineData("silent", "silent", MigrationVerdict.Unsettled)]
    // The guest lives on both.
    [InlineData("paused, post-copy", "running, post-copy", MigrationVerdict.InPostCopy)]
    [InlineData("paused, post-copy", "silent", MigrationVerdict.InPostCopy)]
    [InlineData("silent", "running, post-copy", MigrationVerdict.InPostCopy)]
    [InlineData("paused, migrating", "running, post-copy", MigrationVerdict.InPostCopy)]
    [InlineData("paused, post-copy failed", "running, post-copy", MigrationVerdict.PostCopyBroken)]
    [InlineData("paused, post-copy", "running, post-copy failed", MigrationVerdict.PostCopyBroken)]
    [InlineData("paused, post-copy failed", "paused, post-copy failed", MigrationVerdict.PostCopyBroken)]
    [InlineData("paused, post-copy failed", "silent", MigrationVerdict.PostCopyBroken)]
    [InlineData("gone", "running, post-copy failed", MigrationVerdict.PostCopyBroken)]
    // A half whose other half has died.
    [InlineData("paused, post-copy failed", "gone", MigrationVerdict.Lost)]
    [InlineData("paused, post-copy failed", "off, crashed", MigrationVerdict.Lost)]
    [InlineData("paused, post-copy", "gone", MigrationVerdict.Unsettled)]
    [InlineData("off, crashed", "running, post-copy", MigrationVerdict.Unsettled)]
    // None, and two.
    [InlineData("off, crashed", "gone", MigrationVerdict.Lost)]
    [InlineData("gone", "gone", MigrationVerdict.Lost)]
    // A guest that ended as guests do, before it moved, after, or in post-copy.
    [InlineData("off", "gone", MigrationVerdict.ShutOff)]
    [InlineData("off, destroyed", "gone", MigrationVerdict.ShutOff)]
    [InlineData("off", "off", MigrationVerdict.ShutOff)]
    [InlineData("gone", "off", MigrationVerdict.ShutOff)]
    [InlineData("off, migrated", "off", MigrationVerdict.ShutOff)]
    [InlineData("off, crashed", "off", MigrationVerdict.Lost)]
    [InlineData("paused, post-copy failed", "off", MigrationVerdict.ShutOff)]
    // A guest that panicked and is kept as it was.
    [InlineData("panicked", "gone", MigrationVerdict.Stayed)]
    [InlineData("gone", "panicked", MigrationVerdict.Moved)]
    [InlineData("panicked", "paused, migrating", MigrationVerdict.Unsettled)]
    [InlineData("running", "running", MigrationVerdict.Twice)]
    [InlineData("running", "running, migrated", MigrationVerdict.Twice)]
    public void What_both_hosts_say_tells_where_the_guest_is(string source, string destination, MigrationVerdict verdict) =>
        Assert.Equal(verdict, OutcomeRules.Judge(Named[source], Named[destination], mayBePaused: false));

    [Theory]
    [InlineData("gone", "paused, unknown", MigrationVerdict.Unsettled, MigrationVerdict.Moved)]
    [InlineData("paused, unknown", "gone", MigrationVerdict.Unsettled, MigrationVerdict.Stayed)]
    [InlineData("gone", "asleep", MigrationVerdict.Unsettled, MigrationVerdict.Moved)]
    [InlineData("paused", "paused, migrating", MigrationVerdict.Unsettled, MigrationVerdict.Unsettled)]
    [InlineData("paused, migrating", "gone", MigrationVerdict.StayedPaused, MigrationVerdict.StayedPaused)]
    [InlineData("paused", "paused", MigrationVerdict.Unsettled, MigrationVerdict.Unsettled)]
    public void A_guest_that_was_paused_before_may_be_paused_after(
        string source, string destination, MigrationVerdict whenItRan, MigrationVerdict whenItWasPaused)
    {
        Assert.Equal(whenItRan, OutcomeRules.Judge(Named[source], Named[destination], mayBePaused: false));
        Assert.Equal(whenItWasPaused, OutcomeRules.Judge(Named[source], Named[destination], mayBePaused: true));
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("paused, I/O error")]
    [InlineData("running")]
    public void What_was_not_begun_was_not_handed_over(string source) =>
        Assert.Equal(MigrationVerdict.Stayed, OutcomeRules.Judge(Named[source], Named["silent"], mayBePaused: false, begun: false));

    [Fact]
    public void Two_that_execute_are_never_one() => Always((source, destination, verdict) =>
        !(Executes(source) && Executes(destination))
        || verdict is MigrationVerdict.Twice or MigrationVerdict.InPostCopy or MigrationVerdict.PostCopyBroken);

    [Fact]
    public void Twice_is_two_that_execute() => Always((source, destination, verdict) =>
        verdict is not MigrationVerdict.Twice || (Executes(source) && Executes(destination)));

    [Fact]
    public void Moved_is_a_guest_there_and_none_that_is_known_here() => Always((source, destination, verdict) =>
        verdict is not MigrationVerdict.Moved || (destination.IsActive && !source.IsActive));

    [Fact]
    public void Stayed_is_a_guest_here_and_none_that_is_known_there() => Always((source, destination, verdict) =>
        verdict is not (MigrationVerdict.Stayed or MigrationVerdict.StayedPaused) || (source.IsActive && !destination.IsActive));

    [Fact]
    public void A_guest_is_resumed_only_where_the_other_host_says_that_it_has_none() => Always((source, destination, verdict) =>
        verdict is not MigrationVerdict.StayedPaused || (source.State is GuestState.PausedForMigration && destination.IsGone));

    [Fact]
    public void Lost_or_shut_off_is_when_both_answer_and_none_executes() => Always((source, destination, verdict) =>
        verdict is not (MigrationVerdict.Lost or MigrationVerdict.ShutOff) || (source.IsReachable && destination.IsGone && !Executes(source)));

    [Fact]
    public void Of_two_silent_hosts_nothing_is_known() =>
        Assert.Equal(MigrationVerdict.Unsettled, OutcomeRules.Judge(GuestPresence.Unreachable, GuestPresence.Unreachable, mayBePaused: true));

    [Fact]
    public void A_guest_that_executes_on_one_host_alone_is_there() => Always((source, destination, verdict) =>
        Executes(source) && destination.IsGone && !PostCopy(source, destination) ? verdict is MigrationVerdict.Stayed
        : !Executes(destination) || !source.IsGone || PostCopy(source, destination) || verdict is MigrationVerdict.Moved);

    [Fact]
    public void Seen_from_the_other_side_moved_is_stayed()
    {
        var broken =
            from pair in Pairs
            where !PostCopy(pair.Source, pair.Destination)
            // A source keeps the reason for which a guest was paused while it hands it over; a destination gets one after it.
            where pair.Source.IsReachable && pair.Destination.IsReachable
            let one = OutcomeRules.Judge(pair.Source, pair.Destination, pair.MayBePaused)
            let other = OutcomeRules.Judge(pair.Destination, pair.Source, pair.MayBePaused)
            where one is not MigrationVerdict.StayedPaused && other is not MigrationVerdict.StayedPaused && other != Mirrored(one)
            select $"{pair.Source} here and {pair.Destination} there is {one}, and the other way round {other}";
        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("off", "gone", false, MigrationVerdict.Stayed)]
    [InlineData("off", "gone", true, MigrationVerdict.Stayed)]
    [InlineData("gone", "off", false, MigrationVerdict.Moved)]
    [InlineData("off", "off", true, MigrationVerdict.Moved)]
    [InlineData("off", "off", false, MigrationVerdict.Unsettled)]
    [InlineData("gone", "gone", false, MigrationVerdict.Lost)]
    [InlineData("silent", "off", false, MigrationVerdict.Unsettled)]
    [InlineData("off", "silent", true, MigrationVerdict.Unsettled)]
    public void A_definition_is_where_it_is_found(string source, string destination, bool keepSource, MigrationVerdict verdict) =>
        Assert.Equal(verdict, OutcomeRules.JudgeOffline(Named[source], Named[destination], keepSource));

    /// <summary>M4: a migration that another tool started to a host that is not known.</summary>
    [Theory]
    [InlineData("off, migrated", false, MigrationVerdict.Moved)]
    [InlineData("gone", true, MigrationVerdict.Moved)]
    [InlineData("gone", false, MigrationVerdict.Lost)]
    [InlineData("running, canceled", false, MigrationVerdict.Stayed)]
    [InlineData("running", true, MigrationVerdict.Stayed)]
    [InlineData("off", false, MigrationVerdict.ShutOff)]
    [InlineData("off, crashed", true, MigrationVerdict.Lost)]
    [InlineData("paused, post-copy", false, MigrationVerdict.InPostCopy)]
    [InlineData("paused, post-copy failed", false, MigrationVerdict.PostCopyBroken)]
    [InlineData("silent", true, MigrationVerdict.Unsettled)]
    public void The_source_alone_tells_what_it_knows(string source, bool completed, MigrationVerdict verdict) =>
        Assert.Equal(verdict, OutcomeRules.JudgeSourceAlone(Named[source], completed));

    [Fact]
    public void A_host_that_has_none_is_not_one_that_says_nothing()
    {
        Assert.True(GuestPresence.Absent is { IsGone: true, IsActive: false, IsReachable: true });
        Assert.True(GuestPresence.Unreachable is { IsGone: false, IsActive: false, IsReachable: false });
        Assert.True(Named["off"] is { IsGone: true, IsActive: false, IsReachable: true });
        Assert.True(Named["paused, migrating"] is { IsGone: false, IsActive: true, IsReachable: true });
        Assert.Equal(
            "domain not found, no answer, ShutOff (shutdown)",
            $"{GuestPresence.Absent}, {GuestPresence.Unreachable}, {Named["off"]}");
    }

    private static GuestPresence Of(DomainState state, int reason) => LibvirtPresence.Of(new DomainStatus(state, reason));

    private static bool Executes(GuestPresence guest) => guest.IsExecuting;

    private static bool PostCopy(GuestPresence source, GuestPresence destination) =>
        source.IsPostCopy || destination.IsPostCopy;

    private static MigrationVerdict Mirrored(MigrationVerdict verdict) => verdict switch
    {
        MigrationVerdict.Moved => MigrationVerdict.Stayed,
        MigrationVerdict.Stayed => MigrationVerdict.Moved,
        _ => verdict,
    };

    /// <summary>Holds for every pair of answers.</summary>
    private static void Always(Func<GuestPresence, GuestPresence, MigrationVerdict, bool> holds)
    {
        var broken =
            from pair in Pairs
            let verdict = OutcomeRules.Judge(pair.Source, pair.Destination, pair.MayBePaused)
            where !Enum.IsDefined(verdict) || !holds(pair.Source, pair.Destination, verdict)
            select $"{pair.Source} here and {pair.Destination} there is {verdict}";
        Assert.Empty(broken);
    }
}
