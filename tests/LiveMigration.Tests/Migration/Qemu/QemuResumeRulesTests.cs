using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu.Journals;
using A = LiveMigration.Migration.Qemu.QemuResumption;
using D = LiveMigration.Migration.Qemu.Journals.QemuDestinationHalf;
using S = LiveMigration.Migration.Qemu.Journals.QemuSourceHalf;

namespace LiveMigration.Tests.Migration.Qemu;

/// <summary>The truth table of migrations whose controller is gone, all of it.</summary>
public sealed class QemuResumeRulesTests
{
    /// <summary>Begun, sending; sent and never told; told; seen to run; with disks of its own or shared ones.</summary>
    private static readonly QemuHistory Begun = new() { Executes = true, OwnDisks = true };
    private static readonly QemuHistory Told = Begun with { Sent = true, Told = true };
    private static readonly QemuHistory PostCopy = Begun with { PostCopy = true };

    /// <summary>Whatever can be written down, and whatever both may say.</summary>
    private static readonly (QemuHistory History, S Source, D Destination, A Action)[] All =
    [
        .. from bits in Enumerable.Range(0, 256)
           from source in Enum.GetValues<S>()
           from destination in Enum.GetValues<D>()
           let history = new QemuHistory
           {
               Executes = (bits & 1) > 0, OwnDisks = (bits & 2) > 0, Told = (bits & 4) > 0, Proven = (bits & 8) > 0,
               PostCopy = (bits & 16) > 0, Sent = (bits & 32) > 0, RollsBack = (bits & 64) > 0, SourceEnded = (bits & 128) > 0,
           }
           select (history, source, destination, QemuResumeRules.Decide(history, source, destination).Action),
    ];

    [Fact]
    public void Who_is_silent_is_not_dead() =>
        Assert.All(All.Where(row => row.Source is S.Silent), row => Assert.Equal(A.ByHand, row.Action));

    /// <summary>The destination is started only while the source does not run, and cannot go on by itself.</summary>
    [Fact]
    public void No_destination_is_started_beside_a_source_that_may_run() =>
        Assert.All(All.Where(row => row.Action is A.StartDestination), row => Assert.True(row.Source is S.Ended or S.Sent or S.PostCopyPaused, $"{row}"));

    [Fact]
    public void A_source_is_given_up_only_for_a_destination_that_is_seen_to_run() =>
        Assert.All(All.Where(row => row.Action is A.EndSource), row => Assert.Equal(D.Runs, row.Destination));

    /// <summary>What is continued at the source runs nowhere else, and did not run anywhere else in a way that anything of it remains.</summary>
    [Fact]
    public void A_source_goes_on_only_where_the_destination_does_not_and_did_not() => Assert.All(All.Where(row => row.Action is A.RollBack), row =>
    {
        Assert.False(row.Destination is D.Runs or D.PostCopy or D.PostCopyPaused or D.Other, $"{row}");
        Assert.False(row.Destination is D.Has or D.Silent && row.History.MayHaveRun && row.Source is not S.Waits, $"{row}");
        if (row is { Source: S.Sent or S.Stopped, Destination: D.Ended, History.MayHaveRun: true })
            Assert.True(row.History is { OwnDisks: true, Proven: false, PostCopy: false }, $"{row}");
    });

    [Fact]
    public void Post_copy_is_never_taken_back() =>
        Assert.All(All.Where(row => row.Source is S.PostCopy or S.PostCopyPaused || row.Destination is D.PostCopy or D.PostCopyPaused), row => Assert.NotEqual(A.RollBack, row.Action));

    /// <summary>A guest that stands still and has never been told to run anywhere else runs again, whatever has become of the other side.</summary>
    [Fact]
    public void No_guest_stands_still_that_may_run() =>
        Assert.All(
            All.Where(row => row is { Source: S.Sent or S.Stopped or S.Waits, History: { MayHaveRun: false, Executes: true } } && row.Destination is not (D.Runs or D.PostCopy or D.PostCopyPaused or D.Other)
                && !(row is { Source: S.Waits, Destination: D.Has } or { Destination: D.Failed, History.PostCopy: true })),
            row => Assert.True(row.Action is A.RollBack or A.StartDestination or A.Follow, $"{row}"));

    [Fact]
    public void What_is_complete_at_the_destination_starts_when_the_source_has_ended() =>
        Assert.All(All.Where(row => row is { Source: S.Ended, Destination: D.Has, History.Executes: true }), row => Assert.Equal(A.StartDestination, row.Action));

    [Fact]
    public void What_arrived_paused_stays_so() =>
        Assert.All(All.Where(row => row is { Source: S.Ended, Destination: D.Has, History.Executes: false }), row => Assert.Equal(A.Forget, row.Action));

    /// <summary>It may be another stream: the hand-over looks.</summary>
    [Fact]
    public void What_was_not_proven_to_have_arrived_is_not_taken_for_the_guest() =>
        Assert.Equal(A.StartDestination, QemuResumeRules.Decide(new QemuHistory { IsUnproven = true }, S.Ended, D.Has).Action);

    [Fact]
    public void Every_row_says_why() =>
        Assert.All(All, row => Assert.NotEmpty(QemuResumeRules.Decide(row.History, row.Source, row.Destination).Why));

    [Fact]
    public void Two_that_run_are_named()
    {
        var (action, why) = QemuResumeRules.Decide(Told, S.Runs, D.Runs);
        Assert.Equal(A.ByHand, action);
        Assert.Contains("twice", why, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, string> Rows => new()
    {
        // history, source, destination → what is done
        { "begun", "Runs", "Waits", "RollBack" },
        { "begun", "Runs", "Ended", "RollBack" },
        { "begun", "Runs", "Silent", "RollBack" },
        { "begun", "Sends", "Receives", "Follow" },
        { "begun", "Sends", "Ended", "RollBack" },
        { "begun", "Sends", "Silent", "RollBack" },
        { "begun", "Waits", "Receives", "Follow" },
        { "begun", "Waits", "Ended", "RollBack" },
        { "begun", "Sent", "Has", "StartDestination" },
        { "begun", "Sent", "Receives", "StartDestination" },
        { "begun", "Sent", "Ended", "RollBack" },
        { "begun", "Sent", "Silent", "RollBack" },
        { "begun", "Sent", "Failed", "RollBack" },
        { "begun", "Ended", "Receives", "StartDestination" },
        { "begun", "Ended", "Ended", "Forget" },
        { "rolls back", "Sends", "Receives", "RollBack" },
        { "rolls back", "Sent", "Has", "RollBack" },
        { "told", "Sent", "Has", "StartDestination" },
        { "told", "Sent", "Runs", "EndSource" },
        { "told", "Sent", "Silent", "ByHand" },
        { "told", "Sent", "Ended", "RollBack" },
        { "told, shared", "Sent", "Ended", "ByHand" },
        { "told, seen", "Sent", "Ended", "ByHand" },
        { "told", "Runs", "Has", "ByHand" },
        { "told", "Runs", "Silent", "ByHand" },
        { "told", "Ended", "Runs", "Forget" },
        { "told", "Ended", "Has", "StartDestination" },
        { "told", "Ended", "Silent", "ByHand" },
        { "told, seen", "Ended", "Silent", "Forget" },
        { "post-copy", "Sends", "Receives", "Follow" },
        { "post-copy", "Sends", "Silent", "ByHand" },
        { "post-copy", "PostCopy", "PostCopy", "Follow" },
        { "post-copy", "PostCopy", "Silent", "ByHand" },
        { "post-copy", "PostCopy", "Ended", "ByHand" },
        { "post-copy", "PostCopyPaused", "PostCopyPaused", "RecoverPostCopy" },
        { "post-copy", "PostCopyPaused", "PostCopy", "RecoverPostCopy" },
        { "post-copy", "PostCopyPaused", "Runs", "EndSource" },
        { "post-copy", "PostCopyPaused", "Ended", "ByHand" },
        { "post-copy", "Ended", "PostCopyPaused", "ByHand" },
        { "post-copy", "Sent", "Runs", "EndSource" },
        { "post-copy", "Stopped", "PostCopyPaused", "ByHand" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_rows_that_happen(string history, string source, string destination, string action)
    {
        var written = history switch
        {
            "begun" => Begun,
            "rolls back" => Begun with { RollsBack = true },
            "told" => Told,
            "told, shared" => Told with { OwnDisks = false },
            "told, seen" => Told with { Proven = true },
            _ => PostCopy,
        };
        Assert.Equal(action, QemuResumeRules.Decide(written, Enum.Parse<S>(source), Enum.Parse<D>(destination)).Action.ToString());
    }

    [Theory]
    [InlineData("running", "completed", "Runs", "Runs")]
    [InlineData("running", null, "Runs", "Other")]
    [InlineData("running", "active", "Sends", "Other")]
    [InlineData("running", "cancelled", "Runs", "Other")]
    [InlineData("finish-migrate", "pre-switchover", "Waits", "Other")]
    [InlineData("finish-migrate", "device", "Sends", "Other")]
    [InlineData("postmigrate", "completed", "Sent", "Other")]
    [InlineData("postmigrate", "failed", "Stopped", "Other")]
    [InlineData("paused", "none", "Paused", "Other")]
    [InlineData("paused", "completed", "Paused", "Has")]
    [InlineData("finish-migrate", "postcopy-active", "PostCopy", "PostCopy")]
    [InlineData("finish-migrate", "postcopy-paused", "PostCopyPaused", "PostCopyPaused")]
    [InlineData("inmigrate", null, "Paused", "Waits")]
    [InlineData("inmigrate", "setup", "Sends", "Waits")]
    [InlineData("inmigrate", "active", "Sends", "Receives")]
    [InlineData("inmigrate", "failed", "Paused", "Failed")]
    public void QEMUs_words_are_read(string state, string? migration, string source, string destination)
    {
        var status = new VmStatus(state is "running", state);
        Assert.Equal((source, destination), ($"{QemuHalves.Source(status, migration)}", $"{QemuHalves.Destination(status, migration)}"));
    }
}
