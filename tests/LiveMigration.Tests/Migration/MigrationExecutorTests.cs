using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
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
        given.Driver.Script = _ => given.Driver.Send(completesAfter: 10);
        var result = await given.ExecuteAsync();
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved, null), (result.Outcome, result.Verdict, result.Error));
        Assert.Equal((TimeSpan.FromMilliseconds(200), 1), (result.Downtime, result.Iterations));
        Assert.Equal(["make", "put back (Moved)", "verify (Running)", "dispose"], given.Setup.Steps);
        Assert.Equal(["run"], given.Driver.Orders);
        Assert.True(given.Driver.IsDisposed);
    }

    /// <summary>The last passes may be over before anybody looks: the count of the complete migration is that of all of them.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Passes_that_nobody_saw_count(int before)
    {
        var given = new GivenMigration();
        given.Driver.Passes = before;
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(10, () =>
            {
                given.Driver.Pass();
                given.Driver.Pass();
                given.Driver.Complete();
            });
        };
        Assert.Equal(3, (await given.ExecuteAsync()).Iterations);
    }

    [Fact]
    public async Task The_hypervisors_word_is_not_the_outcome()
    {
        var moved = new GivenMigration();
        moved.Driver.Script = _ =>
        {
            moved.Driver.Send();
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
            stayed.Driver.Send();
            stayed.Driver.After(5, () =>
            {
                stayed.Driver.Destination = GuestPresence.Absent;
                stayed.Driver.End(null);
            });
        };
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed), await stayed.OutcomeAsync());
    }

    /// <summary>The answers of two hosts do not arrive together: what does not make sense yet is asked again.</summary>
    [Fact]
    public async Task Hosts_that_contradict_each_other_are_asked_again()
    {
        var given = new GivenMigration();
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, () =>
            {
                given.Driver.SwitchOver();
                given.Driver.End(null);
                given.Driver.After(3, given.Driver.Complete);
            });
        };
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), await given.OutcomeAsync());
    }

    [Fact]
    public async Task What_is_not_known_is_not_a_success()
    {
        var given = new GivenMigration();
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
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
            given.Driver.Send();
            given.Driver.After(5, () =>
            {
                given.Driver.SwitchOver();
                given.Driver.Destination = GuestPresence.Absent;
                given.Driver.End(new DriverFailure(new LiveMigrationException(Faults.DestinationQemuFailed, "it died.", "b")));
            });
        };
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.StayedPaused), await given.OutcomeAsync());
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
            given.Driver.Send();
            given.Driver.After(5, () =>
            {
                given.Driver.Source = new GuestPresence(Enum.Parse<GuestState>(state));
                given.Driver.Fail(Faults.MigrationFailed);
            });
        };
        Assert.Equal(fault, (await given.ExecuteAsync()).Fault!.Id);
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
                given.Driver.Send(completesAfter: 5);
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

    /// <summary>A small guest may fail before it was asked for anything: its first pass had begun all the same.</summary>
    [Fact]
    public async Task What_has_begun_is_not_begun_in_another_way()
    {
        var given = new GivenMigration();
        given.Driver.FallBack = _ => "Another way.";
        given.Driver.Script = attempt =>
        {
            given.Driver.Send(completesAfter: 10);
            if (attempt == 1)
                given.Driver.Fail(Faults.DestinationUnreachableFromSource);
        };
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed), await given.OutcomeAsync());
        Assert.Equal(["run"], given.Driver.Orders);
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
            given.Driver.Send();
            given.Driver.After(5, () => given.Driver.Fail(Faults.ConnectionLost, lostTouch: true));
            given.Driver.After(5, () => given.Driver.SourceIsSilent = true);
            given.Driver.After(25, () => given.Driver.SourceIsSilent = false);
            given.Driver.After(40, moves ? given.Driver.Complete : () => given.Driver.Fail(Faults.MigrationFailed));
        };
        var result = await given.ExecuteAsync();
        Assert.Equal((outcome, 1), (result.Outcome, given.Driver.Attempts));
        Assert.True(result.TotalTime.TotalSeconds >= 39);
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
    public async Task Left_alone_it_continues_and_is_not_judged()
    {
        var given = new GivenMigration();
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, given.Run.Detach);
        };
        Assert.Equal((MigrationOutcome.Detached, MigrationVerdict.Unsettled), await given.OutcomeAsync());
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

    /// <summary>A journal that cannot be written, say: the result is what both hosts said.</summary>
    [Theory]
    [InlineData(true, MigrationOutcome.Completed)]
    [InlineData(false, MigrationOutcome.Failed)]
    public async Task What_cannot_be_put_back_is_told_and_the_result_comes(bool moves, MigrationOutcome outcome)
    {
        var given = new GivenMigration();
        given.Setup.PuttingBack = () => throw new IOException("a disk is full");
        given.Driver.Script = _ =>
        {
            given.Driver.Send();
            given.Driver.After(5, moves ? given.Driver.Complete : () => given.Driver.Fail(Faults.MigrationFailed));
        };
        var result = await given.ExecuteAsync();
        Assert.Equal(outcome, result.Outcome);
        Assert.Contains("a disk is full", Assert.Single(result.Notices), StringComparison.Ordinal);
    }

    /// <summary>Paused by a policy, and once more by its timeout: the pause counts from the first time on.</summary>
    [Fact]
    public async Task A_guest_that_is_paused_twice_was_paused_from_the_first_time_on()
    {
        var policy = new MigrationPolicy { Name = "soon", Timeout = new CompletionTimeout { After = Duration.Parse("40s"), Action = CompletionAction.Suspend } };
        var given = new GivenMigration(
            new MigrationOptions { Timeout = Duration.Parse("60s"), OnTimeout = TimeoutAction.Suspend }, policy: policy.Start(new PolicyFacts { MemorySize = ByteSize.Parse("1GiB") }));
        given.Driver.Script = _ => given.Driver.Send(completesAfter: 100);
        Assert.Equal(MigrationOutcome.Completed, (await given.ExecuteAsync()).Outcome);
        Assert.Equal(["run", "suspend", "suspend"], given.Driver.Orders);
        Assert.InRange(given.Setup.Pause!.Value.TotalSeconds, 55, 61);
    }

    [Fact]
    public async Task A_policy_that_fails_is_told_and_the_migration_continues_without_it()
    {
        var policy = new ConvergencePolicy(new MigrationPolicy { Name = "bad" }, [new FailingRule()]);
        var given = new GivenMigration(policy: policy);
        given.Driver.Script = _ => given.Driver.Send(completesAfter: 30);
        var result = await given.ExecuteAsync();
        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        Assert.Equal("The policy 'bad' failed, and the migration of 'web' continues without it: DivideByZeroException: by nothing", Assert.Single(result.Notices));
    }

    private sealed class FailingRule : ConvergenceRule
    {
        internal override IEnumerable<PolicyDecision> Decide(PolicySample sample) => throw new DivideByZeroException("by nothing");
    }
}
