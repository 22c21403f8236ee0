using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Migration.Libvirt;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Migration;

public sealed class MigrationReportTests
{
    private static readonly GuestPresence Here = LibvirtPresence.Of(Given.Running);
    private static readonly LibvirtException Error =
        new(LibvirtErrorCode.InternalError, 10, "internal error: client socket is closed", "virDomainMigrateToURI3", "a");

    [Fact]
    public void What_moved_is_completed_with_the_numbers_of_the_job()
    {
        var result = Report(NewRun(), Statistics).Moved(null, [new VerifiedFact("active on b", IsTrue: true, "Running (migrated)")]);
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), (result.Outcome, result.Verdict));
        Assert.Equal(("web", "a", "b", "web"), (result.Name, result.Source, result.Destination, result.FinalName));
        Assert.Equal(TimeSpan.FromMilliseconds(204), result.Downtime);
        Assert.Equal(TimeSpan.FromMilliseconds(12), result.SetupTime);
        Assert.Equal(200L << 20, result.Transferred);
        Assert.Equal(100L << 20, result.MeanRate);
        Assert.Equal("active on b", Assert.Single(result.Verified).What);
        Assert.Empty(result.Notices);
        Assert.Null(result.Fault);
        Assert.Null(result.ToException());
    }

    [Fact]
    public void What_nobody_counted_is_not_known()
    {
        var result = Report(NewRun()).Moved(null, []);

        Assert.Equal((null, null), (result.Transferred, result.MeanRate));
    }

    [Fact]
    public void What_moved_moved_although_libvirt_reports_an_error()
    {
        var result = Report(NewRun()).Moved(Error, []);
        Assert.Equal((MigrationOutcome.Completed, null), (result.Outcome, result.Error));
        Assert.Equal("'web' was migrated, although an error was reported: a: internal error: client socket is closed.", Assert.Single(result.Notices));
    }

    [Fact]
    public void What_moved_moved_although_it_was_to_stop()
    {
        var run = NewRun();
        run.RequestStop(StopReason.Requested);
        var result = Report(run).Moved(null, []);
        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        Assert.Equal("It was too late to stop the migration of 'web': it had completed.", Assert.Single(result.Notices));
    }

    [Fact]
    public void A_new_name_is_the_final_name() =>
        Assert.Equal("web2", Report(NewRun(new() { NewName = "web2" })).Moved(null, []).FinalName);

    [Fact]
    public void A_failure_says_why_in_libvirts_words_and_where_the_guest_is()
    {
        var result = Report(NewRun()).NotMoved(new(MigrationVerdict.Stayed, Here, GuestPresence.Absent), Error);
        Assert.Equal(MigrationOutcome.Failed, result.Outcome);
        Assert.Equal("The migration of 'web' from a to b failed: internal error: client socket is closed. The domain is still on a: Running (booted).", result.Error);
        Assert.Equal((Faults.ConnectionLost, "a"), (result.Fault, result.FaultHost));
        var exception = result.ToException()!;
        Assert.Equal((result.Fault, result.Error, result.FaultHost), (exception.Fault, exception.Message, exception.Host));
    }

    [Fact]
    public void A_downtime_is_known_only_of_what_moved() =>
        Assert.Null(Report(NewRun(), Statistics).NotMoved(new(MigrationVerdict.Stayed, Here, GuestPresence.Absent), Error).Downtime);

    [Fact]
    public void A_failure_without_an_error_says_so() => Assert.Equal(
        "The migration of 'web' from a to b failed: no error was reported. The domain is still on a: Running (booted).",
        Report(NewRun()).NotMoved(new(MigrationVerdict.Stayed, Here, GuestPresence.Absent), null).Error);

    [Fact]
    public void A_broken_line_is_the_fault_of_the_end_that_is_silent()
    {
        var result = Report(NewRun()).NotMoved(new(MigrationVerdict.Stayed, Here, GuestPresence.Unreachable), Error);
        Assert.Equal((Faults.DestinationDaemonLost, "b"), (result.Fault, result.FaultHost));
    }

    [Fact]
    public void A_destination_that_does_not_answer_is_named() => Assert.EndsWith(
        "The domain is still on a: Running (booted); b does not answer.",
        Report(NewRun()).NotMoved(new(MigrationVerdict.Stayed, Here, GuestPresence.Unreachable), Error).Error, StringComparison.Ordinal);

    [Fact]
    public void A_guest_that_is_resumed_is_told_of() => Assert.EndsWith(
        "The domain was left paused on a and is resumed there.",
        Report(NewRun()).NotMoved(new(MigrationVerdict.StayedPaused, Here, GuestPresence.Absent), Error).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData(MigrationVerdict.Lost, "DomainLost", "failed, and the domain was lost: ")]
    [InlineData(MigrationVerdict.Twice, "RunsTwice", "left two running copies: ")]
    [InlineData(MigrationVerdict.PostCopyBroken, "PostCopyBroken", "broke in post-copy: ")]
    [InlineData(MigrationVerdict.InPostCopy, "OutcomeUnknown", "has an unknown outcome: ")]
    [InlineData(MigrationVerdict.Unsettled, "OutcomeUnknown", "has an unknown outcome: ")]
    public void A_bad_end_is_worse_than_what_caused_it_and_both_hosts_words_are_told(MigrationVerdict verdict, string fault, string words)
    {
        var run = NewRun();
        run.RequestStop(StopReason.Requested);
        var result = Report(run).NotMoved(new(verdict, Here, GuestPresence.Unreachable), Error);
        Assert.Equal((MigrationOutcome.Failed, fault), (result.Outcome, result.Fault!.Id));
        Assert.Contains(words + "internal error", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("a reports: Running (booted); b reports: no answer.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_stopped_as_asked_is_cancelled()
    {
        var result = Stopped(StopReason.Requested, MigrationVerdict.Stayed);
        Assert.Equal((MigrationOutcome.Cancelled, Faults.Stopped, "a"), (result.Outcome, result.Fault, result.FaultHost));
        Assert.Equal("The migration of 'web' from a to b was stopped as requested. The domain is still on a: Running (booted).", result.Error);
        Assert.Equal(MigrationOutcome.Cancelled, Stopped(StopReason.Requested, MigrationVerdict.StayedPaused).Outcome);
    }

    [Fact]
    public void What_was_stopped_for_another_reason_failed_for_that_reason()
    {
        var timeout = Stopped(StopReason.Timeout, MigrationVerdict.Stayed);
        Assert.Equal((MigrationOutcome.Failed, Faults.Timeout, "a"), (timeout.Outcome, timeout.Fault, timeout.FaultHost));
        Assert.Contains("was aborted after -Timeout 3 s.", timeout.Error, StringComparison.Ordinal);
        var stalled = Stopped(StopReason.Stalled, MigrationVerdict.Stayed);
        Assert.Equal((MigrationOutcome.Failed, Faults.Stalled, "b"), (stalled.Outcome, stalled.Fault, stalled.FaultHost));
        Assert.Contains("was aborted: no progress for 60 s.", stalled.Error, StringComparison.Ordinal);
        var silent = Stopped(StopReason.Stalled, MigrationVerdict.Stayed, GuestPresence.Unreachable);
        Assert.Equal(Faults.DestinationDaemonLost, silent.Fault);
        Assert.EndsWith("no progress for 60 s. The domain is still on a: Running (booted); b does not answer.", silent.Error, StringComparison.Ordinal);
        var lost = Stopped(StopReason.DestinationLost, MigrationVerdict.StayedPaused);
        Assert.Equal((MigrationOutcome.Failed, Faults.DestinationDaemonLost, "b"), (lost.Outcome, lost.Fault, lost.FaultHost));
    }

    [Fact]
    public void A_guest_that_shut_itself_down_is_no_loss_and_it_is_said_where_it_is_off()
    {
        var result = Report(NewRun()).NotMoved(new(MigrationVerdict.ShutOff, LibvirtPresence.Of(Given.ShutOff), GuestPresence.Absent), Error);
        Assert.Equal((MigrationOutcome.Failed, Faults.DomainShutOff), (result.Outcome, result.Fault));
        Assert.Equal(
            "The migration of 'web' from a to b ended because the domain was shut off in the meantime, by its guest or by a user. a reports: ShutOff (shutdown); b reports: domain not found.",
            result.Error);
    }

    [Fact]
    public void The_first_reason_to_stop_counts()
    {
        var run = NewRun();
        run.RequestStop(StopReason.Stalled);
        run.RequestStop(StopReason.Requested);
        Assert.Equal(StopReason.Stalled, run.StopReason);
    }

    [Fact]
    public void A_destination_that_is_not_known_is_another_host()
    {
        var run = new MigrationRun(Given.Domain(), destination: null, MigrationOptions.Default, MigrationMode.Auto, foreign: true);
        var result = Report(run).NotMoved(new(MigrationVerdict.Stayed, Here, GuestPresence.Unreachable), null);
        Assert.Null(result.Destination);
        Assert.Equal("The migration of 'web' from a to another host failed: no error was reported. The domain is still on a: Running (booted).", result.Error);
    }

    [Fact]
    public void What_goes_on_without_us_is_detached_and_not_judged()
    {
        var result = Report(NewRun()).Detached();
        Assert.Equal((MigrationOutcome.Detached, MigrationVerdict.Unsettled, null), (result.Outcome, result.Verdict, result.Fault));
    }

    [Fact]
    public async Task In_post_copy_there_is_nothing_to_go_back_to()
    {
        var run = NewRun();
        run.Add(Statistics, MigrationPhase.PostCopy);
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => run.StopAsync());
        Assert.Equal((Faults.CannotAbortPostCopy, StopReason.None), (error.Fault, run.StopReason));
        Assert.StartsWith("'web' cannot be aborted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_says_how_far_it_is()
    {
        var run = NewRun();
        Assert.Equal("web: a → b, 0 %", run.ToString());
        run.Add(Statistics, MigrationPhase.Copying);
        Assert.Equal("web: a → b, 75 %", run.ToString());
    }

    private static MigrationStatistics Statistics => new()
    {
        Elapsed = TimeSpan.FromSeconds(2),
        Downtime = TimeSpan.FromMilliseconds(204),
        SetupTime = TimeSpan.FromMilliseconds(12),
        Transferred = 200 << 20,
        Remaining = 64 << 20,
        Total = 256 << 20,
        Iteration = 3,
    };

    private static MigrationRun NewRun(MigrationOptions? options = null) =>
        new(Given.Domain(), Given.Host("b"), options ?? MigrationOptions.Default, MigrationMode.PeerToPeer, foreign: false);

    private static MigrationResult Stopped(StopReason reason, MigrationVerdict verdict, GuestPresence? destination = null)
    {
        var run = NewRun(new() { Timeout = Duration.Parse("3s") });
        run.RequestStop(reason);
        return Report(run).NotMoved(new(verdict, Here, destination ?? GuestPresence.Absent), Error);
    }

    /// <summary>A report with the counters of the complete migration, if it was.</summary>
    private static MigrationReport Report(MigrationRun run, MigrationStatistics? completed = null)
    {
        var driver = new ScriptedDriver(run);
        if (completed is not null)
            driver.Signal(new MigrationSignal.Completed(completed));
        var supervisor = new MigrationSupervisor(run, driver);
        supervisor.DrainAsync(TimeSpan.Zero).GetAwaiter().GetResult();
        return new MigrationReport(run, supervisor);
    }
}
