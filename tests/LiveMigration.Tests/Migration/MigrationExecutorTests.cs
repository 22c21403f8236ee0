using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Monitoring.Policies.Rules;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Migration;

/// <summary>M1 to M5: the engine over scripted hosts: whatever happens has an end, and the end is what both hosts say.</summary>
public sealed class MigrationExecutorTests
{
    private static readonly MigrationOptions Patient = new() { StallTimeout = Duration.Parse("60s") };

    [Fact]
    public async Task A_migration_is_set_up_sent_put_back_and_verified_in_this_order()
    {
        var given = new GivenMigration();
        given.Driver.Script = _ => Sends(given, completesAfter: 10);
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved, null), (result.Outcome, result.Verdict, result.Error));
        Assert.Equal((TimeSpan.FromMilliseconds(200), 1), (result.Downtime, result.Iterations));
        Assert.Equal(["make", "put back (Moved)", "verify (Running)", "dispose"], given.Setup.Steps);
        Assert.Equal(["run"], given.Driver.Orders);
        Assert.True(given.Driver.IsDisposed);
    }

    [Fact]
    public async Task The_hypervisors_word_is_not_the_outcome()
    {
        var moved = new GivenMigration();
        moved.Driver.Script = _ =>
        {
            Sends(moved);
            moved.Driver.After(5, () =>
            {
                (moved.Driver.Source, moved.Driver.Destination) = (GuestPresence.Absent, ScriptedDriver.Running);
                moved.Driver.End(new DriverFailure(new LiveMigrationException(Faults.MigrationFailed, "no.", "a")));
            });
        };
        Assert.Equal(MigrationOutcome.Completed, (await moved.ExecuteAsync()).Outcome);

        var stayed = new GivenMigration();
        stayed.Driver.Script = _ =>
        {
            Sends(stayed);
            stayed.Driver.After(5, () =>
            {
                stayed.Driver.Destination = GuestPresence.Absent;
                stayed.Driver.End(null);
            });
        };
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed), await OutcomeAsync(stayed));
    }

    /// <summary>The answers of two hosts do not arrive together: what does not make sense yet is asked again.</summary>
    [Fact]
    public async Task Hosts_that_contradict_each_other_are_asked_again()
    {
        var given = new GivenMigration();
        given.Driver.Script = _ =>
        {
            Sends(given);
            given.Driver.After(5, () =>
            {
                given.Driver.SwitchOver();
                given.Driver.End(null);
                given.Driver.After(3, given.Driver.Complete);
            });
        };
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), await OutcomeAsync(given));
    }

    [Fact]
    public async Task What_is_not_known_is_not_a_success()
    {
        var given = new GivenMigration();
        given.Driver.Script = _ =>
        {
            Sends(given);
            given.Driver.After(5, () =>
            {
                given.Driver.SwitchOver();
                given.Driver.DestinationIsSilent = true;
                given.Driver.End(null);
            });
        };
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Unsettled, Faults.OutcomeUnknown), (result.Outcome, result.Verdict, result.Fault));
        Assert.Equal("put back (Unsettled)", given.Setup.Steps[1]);
        Assert.False(given.Driver.Source.IsExecuting);
    }

    [Fact]
    public async Task A_guest_whose_destination_died_in_the_switch_is_woken()
    {
        var given = new GivenMigration();
        given.Driver.Script = _ =>
        {
            Sends(given);
            given.Driver.After(5, () =>
            {
                given.Driver.SwitchOver();
                given.Driver.Destination = GuestPresence.Absent;
                given.Driver.End(new DriverFailure(new LiveMigrationException(Faults.DestinationQemuFailed, "it died.", "b")));
            });
        };
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.StayedPaused), await OutcomeAsync(given));
        Assert.True(given.Driver.Source.IsExecuting);
    }

    [Theory]
    [InlineData(nameof(GuestState.Ended), "DomainShutOff")]
    [InlineData(nameof(GuestState.Crashed), "DomainLost")]
    public async Task A_guest_that_ends_meanwhile_is_no_success(string state, string fault)
    {
        var given = new GivenMigration();
        given.Driver.Script = _ =>
        {
            Sends(given);
            given.Driver.After(5, () =>
            {
                given.Driver.Source = new GuestPresence(Enum.Parse<GuestState>(state));
                given.Driver.Fail(Faults.MigrationFailed);
            });
        };
        Assert.Equal(fault, (await given.ExecuteAsync()).Fault!.Id);
    }

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
            Sends(given);
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
            Sends(given);
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
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), await OutcomeAsync(given));
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
            Sends(given, completesAfter: 60);
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
            Sends(given);
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
            Sends(given);
            given.Driver.After(5, () => given.Run.RequestStop(StopReason.Requested));
            given.Driver.After(8, () => given.Driver.Refused.Clear());
        };
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), await OutcomeAsync(given));
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
            Sends(given);
            given.Driver.After(5, () => given.Run.RequestStop(StopReason.Requested));
        };
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Unsettled), (result.Outcome, result.Verdict));
        Assert.Contains("did not end the migration of 'web' within 45 s", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_destination_ends_it_and_in_post_copy_does_not()
    {
        var lost = new GivenMigration();
        lost.Driver.Script = _ =>
        {
            Sends(lost);
            lost.Driver.After(5, lost.Driver.LosePeer);
        };
        var result = await lost.ExecuteAsync();
        Assert.Equal((Faults.DestinationDaemonLost, MigrationVerdict.Stayed), (result.Fault, result.Verdict));

        var postCopy = new GivenMigration(Patient);
        postCopy.Driver.Script = _ =>
        {
            Sends(postCopy, completesAfter: 20);
            postCopy.Driver.After(5, postCopy.Driver.PostCopy);
            postCopy.Driver.After(6, postCopy.Driver.LosePeer);
        };
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), await OutcomeAsync(postCopy));
    }

    [Fact]
    public async Task Another_way_is_tried_where_the_driver_has_one_and_never_after_a_request_to_stop()
    {
        var given = new GivenMigration();
        given.Driver.FallBack = failure => failure.Error.Fault == Faults.DestinationUnreachableFromSource ? "Another way." : null;
        given.Driver.Script = attempt =>
        {
            if (attempt == 1)
                given.Driver.Fail(Faults.DestinationUnreachableFromSource);
            else
                Sends(given, completesAfter: 5);
        };
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Completed, 2, "Another way."), (result.Outcome, given.Driver.Attempts, Assert.Single(result.Notices)));

        var stopped = new GivenMigration();
        stopped.Driver.FallBack = _ => "Another way.";
        stopped.Driver.Script = _ =>
        {
            stopped.Run.RequestStop(StopReason.Requested);
            stopped.Driver.Fail(Faults.DestinationUnreachableFromSource);
        };
        Assert.Equal(MigrationOutcome.Cancelled, (await stopped.ExecuteAsync()).Outcome);
        Assert.Equal(1, stopped.Driver.Attempts);
    }

    /// <summary>Our connection is lost, the hosts go on: they are watched to the end, and no second attempt is made.</summary>
    [Theory]
    [InlineData(true, MigrationOutcome.Completed)]
    [InlineData(false, MigrationOutcome.Failed)]
    public async Task What_goes_on_between_the_hosts_is_watched_to_its_end(bool moves, MigrationOutcome outcome)
    {
        var given = new GivenMigration(Patient);
        given.Driver.FallBack = _ => "Another way.";
        given.Driver.Script = _ =>
        {
            Sends(given);
            given.Driver.After(5, () => given.Driver.Fail(Faults.ConnectionLost, lostTouch: true));
            given.Driver.After(5, () => given.Driver.SourceIsSilent = true);
            given.Driver.After(25, () => given.Driver.SourceIsSilent = false);
            given.Driver.After(40, moves ? given.Driver.Complete : () => given.Driver.Fail(Faults.MigrationFailed));
        };
        var result = await given.ExecuteAsync();
        Assert.Equal((outcome, 1), (result.Outcome, given.Driver.Attempts));
        Assert.True(result.TotalTime.TotalSeconds >= 39);
    }

    [Fact]
    public async Task A_post_copy_that_broke_is_told_and_nothing_is_woken()
    {
        var given = new GivenMigration();
        given.Driver.Script = _ => Breaks(given);
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.PostCopyBroken, Faults.PostCopyBroken), (result.Outcome, result.Verdict, result.Fault));
        Assert.False(given.Driver.Source.IsExecuting || given.Driver.Destination.IsExecuting);
    }

    [Fact]
    public async Task A_post_copy_that_broke_is_rejoined_until_the_link_is_back()
    {
        var given = new GivenMigration(new MigrationOptions { RecoverPostCopy = true });
        given.Driver.Script = attempt =>
        {
            switch (attempt)
            {
                case 1:
                    Breaks(given);
                    break;
                case 2:
                    throw new LiveMigrationException(Faults.HostUnreachable, "no connection for the call.", "b");
                case < 5:
                    given.Driver.After(0.5, () => given.Driver.End(new DriverFailure(new LiveMigrationException(Faults.HostUnreachable, "no.", "a"))));
                    break;
                default:
                    given.Driver.PostCopy();
                    given.Driver.After(3, given.Driver.Complete);
                    break;
            }
        };
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Completed, true), (result.Outcome, result.PostCopy));
        Assert.Equal(["run", "rejoin", "rejoin", "rejoin", "rejoin"], given.Driver.Orders);
    }

    /// <summary>The report of the break comes when the halves are being joined again already.</summary>
    [Fact]
    public async Task A_late_report_of_a_break_does_not_end_the_rejoin()
    {
        var given = new GivenMigration(new MigrationOptions { RecoverPostCopy = true });
        given.Driver.Script = attempt =>
        {
            if (attempt == 1)
            {
                Sends(given);
                given.Driver.After(5, given.Driver.PostCopy);
                given.Driver.After(8, () =>
                {
                    given.Driver.Part();
                    given.Driver.End(new DriverFailure(new LiveMigrationException(Faults.StreamBroken, "it broke.", "a")));
                });
            }
            else
            {
                given.Driver.PostCopy();
                given.Driver.After(2, () => given.Driver.Signal(new MigrationSignal.PostCopyBroke()));
                given.Driver.After(40, given.Driver.Complete);
            }
        };
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), await OutcomeAsync(given));
        Assert.Equal(["run", "rejoin"], given.Driver.Orders);
    }

    /// <summary>While it waits for a place among the migrations of its daemon, nothing is done to the guest, and nothing to another tool's job.</summary>
    [Fact]
    public async Task Before_an_attempt_has_begun_nothing_is_done()
    {
        var options = new MigrationOptions { Timeout = Duration.Parse("3s"), OnTimeout = TimeoutAction.Suspend, StallTimeout = Duration.Parse("5s") };
        var waits = new GivenMigration(options);
        waits.Driver.Beginning = () => Task.Delay(TimeSpan.FromSeconds(10), waits.Run.Time);
        waits.Driver.Script = _ => Sends(waits, completesAfter: 5);
        Assert.Equal(MigrationOutcome.Completed, (await waits.ExecuteAsync()).Outcome);
        Assert.Equal(["run", "suspend"], waits.Driver.Orders);

        var stopped = new GivenMigration(options);
        stopped.Driver.Beginning = () => Task.Delay(TimeSpan.FromSeconds(10), stopped.Run.Time);
        stopped.Driver.After(2, () => stopped.Run.RequestStop(StopReason.Requested));
        Assert.Equal(MigrationOutcome.Cancelled, (await stopped.ExecuteAsync()).Outcome);
        Assert.Empty(stopped.Driver.Orders);
    }

    /// <summary>Paused before by its user, the guest is paused in both halves of the hand-over.</summary>
    [Theory]
    [InlineData(true, MigrationVerdict.Unsettled)]
    [InlineData(false, MigrationVerdict.Stayed)]
    public async Task A_paused_guest_with_a_silent_destination_stayed_only_where_nothing_was_sent(bool sent, MigrationVerdict verdict)
    {
        var given = new GivenMigration();
        given.Driver.Source = new GuestPresence(GuestState.Paused, "Paused (user)");
        given.Driver.Script = _ =>
        {
            if (sent)
                given.Driver.Signal(new MigrationSignal.SwitchedOver());
            given.Driver.DestinationIsSilent = true;
            given.Driver.After(1, () => given.Driver.End(new DriverFailure(new LiveMigrationException(Faults.StreamBroken, "it broke.", "a"))));
        };
        Assert.Equal(verdict, (await given.ExecuteAsync()).Verdict);
        Assert.False(given.Driver.Source.IsExecuting);
    }

    [Fact]
    public async Task A_post_copy_is_never_aborted()
    {
        var given = new GivenMigration();
        given.Driver.Refused.Add("abort");
        given.Driver.Script = _ =>
        {
            Sends(given, completesAfter: 200);
            given.Driver.After(5, given.Driver.PostCopy);
            given.Driver.After(6, () => given.Run.RequestStop(StopReason.Requested));
        };
        var result = await given.ExecuteAsync();
        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        Assert.Contains(result.Notices, notice => notice.Contains("had switched to post-copy before it could be stopped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TimeoutAction.Suspend, "suspend", MigrationOutcome.Completed)]
    [InlineData(TimeoutAction.PostCopy, "post-copy", MigrationOutcome.Completed)]
    [InlineData(TimeoutAction.Abort, "abort", MigrationOutcome.Failed)]
    public async Task After_its_time_what_was_asked_for_is_done_once(TimeoutAction action, string order, MigrationOutcome outcome)
    {
        var given = new GivenMigration(new MigrationOptions { Timeout = Duration.Parse("5s"), OnTimeout = action });
        given.Driver.Script = _ => Sends(given, completesAfter: 40);
        Assert.Equal(outcome, (await given.ExecuteAsync()).Outcome);
        Assert.Equal(["run", order], given.Driver.Orders);
    }

    [Fact]
    public async Task What_cannot_be_done_after_its_time_ends_in_an_abort()
    {
        var given = new GivenMigration(new MigrationOptions { Timeout = Duration.Parse("5s"), OnTimeout = TimeoutAction.PostCopy });
        given.Driver.Refused.Add("post-copy");
        given.Driver.Script = _ => Sends(given, completesAfter: 40);
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed, Faults.Timeout), (result.Outcome, result.Verdict, result.Fault));
        Assert.Equal(["run", "post-copy", "abort"], given.Driver.Orders);
    }

    [Fact]
    public async Task Left_alone_it_continues_and_is_not_judged()
    {
        var given = new GivenMigration();
        given.Driver.Script = _ =>
        {
            Sends(given);
            given.Driver.After(5, given.Run.Detach);
        };
        Assert.Equal((MigrationOutcome.Detached, MigrationVerdict.Unsettled), await OutcomeAsync(given));
        Assert.Equal(["make", "leave", "dispose"], given.Setup.Steps);
        Assert.Equal(["run"], given.Driver.Orders);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_at_first_fails_and_the_guest_is_looked_for()
    {
        var given = new GivenMigration();
        given.Driver.OpenError = new LiveMigrationException(Faults.HostUnreachable, "no route.", "a");
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed, Faults.HostUnreachable), (result.Outcome, result.Verdict, result.Fault));
        Assert.Empty(given.Driver.Orders);
    }

    [Fact]
    public async Task What_nobody_thought_of_is_a_failure_and_the_guest_is_looked_for()
    {
        var given = new GivenMigration();
        given.Setup.Making = () => throw new InvalidOperationException("a disk is full");
        var result = await given.ExecuteAsync();
        Assert.Equal((Faults.MigrationFailed, MigrationVerdict.Stayed), (result.Fault, result.Verdict));
        Assert.Contains("a disk is full", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A broken connection is not the end of what another tool started.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(200)]
    public async Task An_observed_migration_is_watched_through_silence(int seconds)
    {
        var given = new GivenMigration(foreign: true);
        given.Driver.Send();
        given.Driver.After(2, () => given.Driver.SourceIsSilent = true);
        given.Driver.After(2 + seconds, () => given.Driver.SourceIsSilent = false);
        given.Driver.After(10 + seconds, given.Driver.Complete);
        var result = await given.ObserveAsync();
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), (result.Outcome, result.Verdict));
        Assert.Empty(given.Driver.Orders);
    }

    [Fact]
    public async Task An_observed_migration_whose_source_stays_silent_has_an_unknown_outcome()
    {
        var given = new GivenMigration(foreign: true);
        given.Driver.Send();
        given.Driver.After(2, () => given.Driver.SourceIsSilent = true);
        var result = await given.ObserveAsync();
        Assert.Equal((MigrationOutcome.Failed, Faults.OutcomeUnknown), (result.Outcome, result.Fault));
    }

    [Fact]
    public async Task An_observed_migration_is_not_ended_because_it_stands_still()
    {
        var given = new GivenMigration(Patient, foreign: true);
        given.Driver.Send();
        given.Driver.After(2, given.Driver.Stand);
        given.Driver.After(1000, given.Driver.Complete);
        Assert.Equal(MigrationOutcome.Completed, (await given.ObserveAsync()).Outcome);
        Assert.Empty(given.Driver.Orders);
    }

    [Fact]
    public async Task A_policy_that_fails_is_told_and_the_migration_continues_without_it()
    {
        var policy = new ConvergencePolicy(new MigrationPolicy { Name = "bad" }, [new FailingRule()]);
        var given = new GivenMigration(policy: policy);
        given.Driver.Script = _ => Sends(given, completesAfter: 30);
        var result = await given.ExecuteAsync();
        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        Assert.Equal("The policy 'bad' failed, and the migration of 'web' continues without it: DivideByZeroException: by nothing", Assert.Single(result.Notices));
    }

    private sealed class FailingRule : ConvergenceRule
    {
        internal override IEnumerable<PolicyDecision> Decide(PolicySample sample) => throw new DivideByZeroException("by nothing");
    }

    private static void Sends(GivenMigration given, double? completesAfter = null)
    {
        given.Driver.Send();
        if (completesAfter is { } seconds)
            given.Driver.After(seconds, given.Driver.Complete);
    }

    private static void Breaks(GivenMigration given)
    {
        Sends(given);
        given.Driver.After(5, given.Driver.PostCopy);
        given.Driver.After(8, given.Driver.Break);
    }

    private static async Task<(MigrationOutcome, MigrationVerdict)> OutcomeAsync(GivenMigration given)
    {
        var result = await given.ExecuteAsync();
        return (result.Outcome, result.Verdict);
    }
}
