using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Migration;

/// <summary>M1, M4: what ends a migration before its time: a request, a limit, a silence, a lost host.</summary>
public sealed class MigrationStopTests
{
    private static readonly MigrationOptions Patient = new() { StallTimeout = Duration.Parse("60s") };

    private static ConvergencePolicy Late(Duration after) =>
        new MigrationPolicy { Name = "late", Timeout = new CompletionTimeout { After = after } }.Start(new PolicyFacts { MemorySize = ByteSize.Parse("1GiB") });

    /// <summary>A source that was silent for less than the patience is as if nothing had been; longer, the guest stays where it is.</summary>
    [Theory]
    [InlineData(1, MigrationOutcome.Completed)]
    [InlineData(20, MigrationOutcome.Completed)]
    [InlineData(40, MigrationOutcome.Completed)]
    [InlineData(90, MigrationOutcome.Failed)]
    [InlineData(600, MigrationOutcome.Failed)]
    public async Task Silence_is_counted_and_is_not_an_end(int seconds, MigrationOutcome outcome)
    {
        var given = new GivenMigration(Patient);
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, () => given.Driver.SourceIsSilent = true);
            given.Driver.After(5 + seconds, () => given.Driver.SourceIsSilent = false);
            given.Driver.After(seconds + 60, given.Driver.Complete);
        };
        var result = await given.ExecuteAsync();
        Assert.Equal(outcome, result.Outcome);
        Assert.False(given.Driver.RunsTwice);
        if (outcome is MigrationOutcome.Failed)
            Assert.NotEqual(MigrationVerdict.Moved, result.Verdict);
    }

    [Fact]
    public async Task What_stands_still_is_aborted_and_stays()
    {
        var given = new GivenMigration(Patient);
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, given.Driver.Stand);
        };
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed, Faults.Stalled), (result.Outcome, result.Verdict, result.Fault));
        Assert.Equal(["run", "abort"], given.Driver.Orders);
    }

    [Fact]
    public async Task A_destination_that_prepares_for_too_long_is_given_up_after_its_own_time()
    {
        var given = new GivenMigration(new MigrationOptions { StallTimeout = Duration.Parse("10s"), PrepareTimeout = Duration.Parse("300s") });
        given.Driver.Script = _ => given.Driver.IsUnderWay = true;
        var result = await given.ExecuteAsync();
        Assert.Equal(Faults.Stalled, result.Fault);
        Assert.Contains("-PrepareTimeout 00:05:00", result.Error, StringComparison.Ordinal);
        Assert.InRange(result.TotalTime.TotalSeconds, 300, 400);
    }

    /// <summary>An order that was stopped does not begin.</summary>
    [Fact]
    public async Task Stopped_while_it_is_set_up_nothing_is_begun()
    {
        var given = new GivenMigration();
        given.Setup.Making = () =>
        {
            given.Run.RequestStop(StopReason.Requested);
            return Task.CompletedTask;
        };
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), await given.OutcomeAsync());
        Assert.Empty(given.Driver.Orders);
        Assert.Equal(["make", "put back (Stayed)", "dispose"], given.Setup.Steps);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(30)]
    [InlineData(50)]
    [InlineData(60.6)]
    public async Task Stopped_at_any_point_it_is_where_both_hosts_say(double seconds)
    {
        var given = new GivenMigration();
        given.Driver.Script = _ =>
        {
            given.Driver.Send(completesAfter: 60);
            given.Driver.After(seconds, () => given.Run.RequestStop(StopReason.Requested));
        };
        var result = await given.ExecuteAsync();
        Assert.Equal(seconds < 60 ? MigrationOutcome.Cancelled : MigrationOutcome.Completed, result.Outcome);
        Assert.Equal(seconds < 60, given.Driver.Source.IsExecuting);
        Assert.Equal(seconds > 60, given.Driver.Destination.IsExecuting);
    }

    /// <summary>The abort comes too late: the migration completes, and that is what is said.</summary>
    [Fact]
    public async Task Too_late_to_stop_is_completed_and_said()
    {
        var given = new GivenMigration();
        given.Driver.Aborting = given.Driver.Complete;
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, () => given.Run.RequestStop(StopReason.Requested));
        };
        var result = await given.ExecuteAsync();
        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        Assert.Contains("too late to stop", Assert.Single(result.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_abort_that_is_refused_is_tried_again()
    {
        var given = new GivenMigration();
        given.Driver.Refused.Add("abort");
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, () => given.Run.RequestStop(StopReason.Requested));
            given.Driver.After(8, () => given.Driver.Refused.Clear());
        };
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), await given.OutcomeAsync());
        Assert.True(given.Driver.Orders.Count(order => order == "abort") > 2);
    }

    /// <summary>Daemons that never end an aborted migration do not hold the client: both are asked instead.</summary>
    [Fact]
    public async Task An_abort_that_nobody_answers_has_an_end()
    {
        var given = new GivenMigration();
        given.Driver.Aborting = () => { };
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, () => given.Run.RequestStop(StopReason.Requested));
        };
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Unsettled), (result.Outcome, result.Verdict));
        Assert.Contains("did not end the migration of 'web' within 45 s", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Both hosts were out of our reach while it went on between them: the guest has not stayed while its source still sends it.</summary>
    [Fact]
    public async Task What_is_under_way_has_not_stayed()
    {
        var given = new GivenMigration(Patient);
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(1, () =>
            {
                (given.Driver.SourceIsSilent, given.Driver.DestinationIsSilent) = (true, true);
                given.Driver.Fail(Faults.ConnectionLost, lostTouch: true);
            });
            given.Driver.After(70, () => given.Driver.SourceIsSilent = false);
            given.Driver.After(75, () => given.Driver.DestinationIsSilent = false);
            given.Driver.After(80, given.Driver.Complete);
        };
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Unsettled), await given.OutcomeAsync());
        Assert.Equal(["make", "put back (Unsettled)", "dispose"], given.Setup.Steps);
    }

    /// <summary>An abort that nobody carries out, and a destination that does not answer any more.</summary>
    [Fact]
    public async Task What_could_not_be_ended_has_not_stayed()
    {
        var given = new GivenMigration(Patient);
        given.Driver.Aborting = () => { };
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, () => given.Driver.DestinationIsSilent = true);
            given.Driver.After(5, () => given.Run.RequestStop(StopReason.Requested));
            given.Driver.After(70, given.Driver.Complete);
        };
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Unsettled), await given.OutcomeAsync());
    }

    /// <summary>Before anything was sent, an abort that the source accepted is enough: it does not begin any more.</summary>
    [Fact]
    public async Task What_was_aborted_before_it_sent_anything_has_stayed()
    {
        var given = new GivenMigration(new MigrationOptions { StallTimeout = Duration.Parse("10s"), PrepareTimeout = Duration.Parse("300s") });
        given.Driver.Aborting = () => { };
        given.Driver.Script = _ => given.Driver.IsUnderWay = true;
        var result = await given.ExecuteAsync();
        Assert.Equal((Faults.Stalled, MigrationVerdict.Stayed), (result.Fault, result.Verdict));
    }

    /// <summary>Our connection is lost after the request to stop: the hosts go on, and are told as soon as they can be.</summary>
    [Fact]
    public async Task Stopped_and_out_of_touch_it_is_stopped_when_the_source_answers_again()
    {
        var given = new GivenMigration(Patient);
        given.Driver.Script = _ =>
        {
            given.Driver.Send(completesAfter: 60);
            given.Driver.After(5, () =>
            {
                (given.Driver.SourceIsSilent, given.Driver.DestinationIsSilent) = (true, true);
                given.Run.RequestStop(StopReason.Requested);
                given.Driver.Fail(Faults.ConnectionLost, lostTouch: true);
            });
            given.Driver.After(15, () => given.Driver.SourceIsSilent = false);
        };
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), await given.OutcomeAsync());
        Assert.False(given.Driver.IsUnderWay);
    }

    [Fact]
    public async Task A_lost_destination_ends_it_and_in_post_copy_does_not()
    {
        var lost = new GivenMigration();
        lost.Driver.Script = _ =>
        {
            lost.Driver.Send();
            lost.Driver.After(5, lost.Driver.LosePeer);
        };
        var result = await lost.ExecuteAsync();
        Assert.Equal((Faults.DestinationDaemonLost, MigrationVerdict.Stayed), (result.Fault, result.Verdict));

        var postCopy = new GivenMigration(Patient);
        postCopy.Driver.Script = _ =>
        {
            postCopy.Driver.Send(completesAfter: 20);
            postCopy.Driver.After(5, postCopy.Driver.PostCopy);
            postCopy.Driver.After(6, postCopy.Driver.LosePeer);
        };
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), await postCopy.OutcomeAsync());
    }

    /// <summary>A policy watches, too, but it is not the one that gave up.</summary>
    [Fact]
    public async Task What_stands_still_under_a_policy_is_told_as_what_it_is()
    {
        var given = new GivenMigration(Patient, policy: Late(Duration.Parse("10min")));
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, given.Driver.Stand);
        };
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationVerdict.Stayed, Faults.Stalled), (result.Verdict, result.Fault));
        Assert.Contains("was aborted: no progress for ", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Its own reason, whatever is said after it.</summary>
    [Fact]
    public async Task What_a_policy_ended_is_told_with_its_reason()
    {
        var given = new GivenMigration(policy: Late(Duration.Parse("20s")));
        given.Driver.Aborting = () =>
        {
            given.Run.Notice("Something else.");
            given.Driver.Fail(Faults.Stopped);
        };
        given.Driver.Script = _ => given.Driver.Send();
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationVerdict.Stayed, Faults.Timeout), (result.Verdict, result.Fault));
        Assert.Contains("was aborted by the policy 'late': The migration takes longer than 20 s", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A place among the migrations of its daemon may be long in coming: no limit counts until then.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_waits_for_a_place_does_not_take_long(bool byPolicy)
    {
        var given = byPolicy
            ? new GivenMigration(policy: Late(Duration.Parse("6s")))
            : new GivenMigration(new MigrationOptions { Timeout = Duration.Parse("6s") });
        given.Driver.Beginning = () => Task.Delay(TimeSpan.FromSeconds(8), given.Run.Time);
        given.Driver.Script = _ => given.Driver.Send(completesAfter: 4);
        Assert.Equal(MigrationOutcome.Completed, (await given.ExecuteAsync()).Outcome);
        Assert.Equal(["run"], given.Driver.Orders);
    }

    /// <summary>While it waits for a place among the migrations of its daemon, nothing is done to the guest, and nothing to another tool's job.</summary>
    [Fact]
    public async Task Before_an_attempt_has_begun_nothing_is_done()
    {
        var options = new MigrationOptions { Timeout = Duration.Parse("3s"), OnTimeout = TimeoutAction.Suspend, StallTimeout = Duration.Parse("5s") };
        var waits = new GivenMigration(options);
        waits.Driver.Beginning = () => Task.Delay(TimeSpan.FromSeconds(10), waits.Run.Time);
        waits.Driver.Script = _ => waits.Driver.Send(completesAfter: 5);
        Assert.Equal(MigrationOutcome.Completed, (await waits.ExecuteAsync()).Outcome);
        Assert.Equal(["run", "suspend"], waits.Driver.Orders);

        var stopped = new GivenMigration(options);
        stopped.Driver.Beginning = () => Task.Delay(TimeSpan.FromSeconds(10), stopped.Run.Time);
        stopped.Driver.After(2, () => stopped.Run.RequestStop(StopReason.Requested));
        Assert.Equal(MigrationOutcome.Cancelled, (await stopped.ExecuteAsync()).Outcome);
        Assert.Empty(stopped.Driver.Orders);
    }

    /// <summary>The destination is lost, and in the same moment the first pass or the time is over: nothing begins that has no way back.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whose_destination_is_lost_is_not_switched_to_post_copy(bool byPass)
    {
        var given = new GivenMigration(byPass
            ? new MigrationOptions { PostCopyAfterFirstPass = true }
            : new MigrationOptions { Timeout = Duration.Parse("5s"), OnTimeout = TimeoutAction.PostCopy });
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, () =>
            {
                given.Driver.LosePeer();
                given.Driver.Pass();
            });
        };
        Assert.Equal(Faults.DestinationDaemonLost, (await given.ExecuteAsync()).Fault);
        Assert.Equal(["run", "abort"], given.Driver.Orders);
    }

    [Theory]
    [InlineData(TimeoutAction.Suspend)]
    [InlineData(TimeoutAction.PostCopy)]
    public async Task What_is_to_stop_is_not_acted_on_any_more(TimeoutAction action)
    {
        var given = new GivenMigration(new MigrationOptions { Timeout = Duration.Parse("20s"), OnTimeout = action });
        given.Driver.Aborting = () => { };
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(10, () => given.Run.RequestStop(StopReason.Requested));
            given.Driver.After(40, () => given.Driver.Fail(Faults.Stopped));
        };
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), await given.OutcomeAsync());
        Assert.Equal(["run", "abort"], given.Driver.Orders);
    }

    /// <summary>Nor by a policy.</summary>
    [Fact]
    public async Task What_is_to_stop_no_policy_decides_about()
    {
        var policy = new MigrationPolicy { Name = "late", Timeout = new CompletionTimeout { After = Duration.Parse("20s"), Action = CompletionAction.Suspend } };
        var given = new GivenMigration(policy: policy.Start(new PolicyFacts { MemorySize = ByteSize.Parse("1GiB") }));
        given.Driver.Aborting = () => { };
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(10, () => given.Run.RequestStop(StopReason.Requested));
            given.Driver.After(40, () => given.Driver.Fail(Faults.Stopped));
        };
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), await given.OutcomeAsync());
        Assert.Equal(["run", "abort"], given.Driver.Orders);
    }

    [Theory]
    [InlineData(TimeoutAction.Suspend, "suspend", MigrationOutcome.Completed)]
    [InlineData(TimeoutAction.PostCopy, "post-copy", MigrationOutcome.Completed)]
    [InlineData(TimeoutAction.Abort, "abort", MigrationOutcome.Failed)]
    public async Task After_its_time_what_was_asked_for_is_done_once(TimeoutAction action, string order, MigrationOutcome outcome)
    {
        var given = new GivenMigration(new MigrationOptions { Timeout = Duration.Parse("5s"), OnTimeout = action });
        given.Driver.Script = _ => given.Driver.Send(completesAfter: 40);
        Assert.Equal(outcome, (await given.ExecuteAsync()).Outcome);
        Assert.Equal(["run", order], given.Driver.Orders);
    }

    [Fact]
    public async Task What_cannot_be_done_after_its_time_ends_in_an_abort()
    {
        var given = new GivenMigration(new MigrationOptions { Timeout = Duration.Parse("5s"), OnTimeout = TimeoutAction.PostCopy });
        given.Driver.Refused.Add("post-copy");
        given.Driver.Script = _ => given.Driver.Send(completesAfter: 40);
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed, Faults.Timeout), (result.Outcome, result.Verdict, result.Fault));
        Assert.Equal(["run", "post-copy", "abort"], given.Driver.Orders);
    }
}
