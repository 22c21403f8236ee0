using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Migration;

/// <summary>M5: in post-copy there is nothing to go back to, and what broke is joined again.</summary>
public sealed class PostCopyTests
{
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
                given.Driver.Send();
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
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), await given.OutcomeAsync());
        Assert.Equal(["run", "rejoin"], given.Driver.Orders);
    }

    [Fact]
    public async Task A_post_copy_is_never_aborted()
    {
        var given = new GivenMigration();
        given.Driver.Refused.Add("abort");
        given.Driver.Script = _ =>
        {
            given.Driver.Send(completesAfter: 200);
            given.Driver.After(5, given.Driver.PostCopy);
            given.Driver.After(6, () => given.Run.RequestStop(StopReason.Requested));
        };
        var result = await given.ExecuteAsync();
        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        Assert.Contains(result.Notices, notice => notice.Contains("had switched to post-copy before it could be stopped", StringComparison.Ordinal));
    }

    private static void Breaks(GivenMigration given)
    {
        given.Driver.Send();
        given.Driver.After(5, given.Driver.PostCopy);
        given.Driver.After(8, given.Driver.Break);
    }
}
