using LiveMigration.Domains;

namespace LiveMigration.Tests.Domains;

public sealed class DomainStatusTests
{
    // Numbers of libvirt-domain.h, words of `virsh domstate --reason`.
    [Theory]
    [InlineData(DomainState.Running, 0, "unknown")]
    [InlineData(DomainState.Running, 1, "booted")]
    [InlineData(DomainState.Running, 2, "migrated")]
    [InlineData(DomainState.Running, 5, "unpaused")]
    [InlineData(DomainState.Running, 6, "migration canceled")]
    [InlineData(DomainState.Running, 8, "event wakeup")]
    [InlineData(DomainState.Running, 10, "post-copy")]
    [InlineData(DomainState.Running, 11, "post-copy failed")]
    [InlineData(DomainState.Running, 12, "unknown")]
    [InlineData(DomainState.Running, -1, "unknown")]
    [InlineData(DomainState.Paused, 1, "user")]
    [InlineData(DomainState.Paused, 2, "migrating")]
    [InlineData(DomainState.Paused, 5, "I/O error")]
    [InlineData(DomainState.Paused, 11, "starting up")]
    [InlineData(DomainState.Paused, 12, "post-copy")]
    [InlineData(DomainState.Paused, 13, "post-copy failed")]
    [InlineData(DomainState.Paused, 14, "API error")]
    [InlineData(DomainState.ShuttingDown, 1, "user")]
    [InlineData(DomainState.ShutOff, 1, "shutdown")]
    [InlineData(DomainState.ShutOff, 3, "crashed")]
    [InlineData(DomainState.ShutOff, 4, "migrated")]
    [InlineData(DomainState.ShutOff, 8, "daemon")]
    [InlineData(DomainState.Crashed, 1, "panicked")]
    [InlineData(DomainState.Blocked, 0, "unknown")]
    [InlineData(DomainState.PmSuspended, 0, "unknown")]
    public void A_reason_has_virshs_word(DomainState state, int reason, string word) =>
        Assert.Equal(word, new DomainStatus(state, reason).Reason);

    [Theory]
    [InlineData(DomainState.None, false, false)]
    [InlineData(DomainState.Running, true, true)]
    [InlineData(DomainState.Blocked, true, true)]
    [InlineData(DomainState.Paused, true, false)]
    [InlineData(DomainState.ShuttingDown, true, false)]
    [InlineData(DomainState.ShutOff, false, false)]
    [InlineData(DomainState.Crashed, true, false)]
    [InlineData(DomainState.PmSuspended, true, false)]
    public void A_state_has_a_process_or_not_and_executes_or_not(DomainState state, bool active, bool executing)
    {
        var status = new DomainStatus(state, 0);
        Assert.Equal((active, executing), (status.IsActive, status.IsExecuting));
    }

    [Fact]
    public void Post_copy_is_running_there_or_paused_here()
    {
        var all = Enum.GetValues<DomainState>().SelectMany(state => Enumerable.Range(0, 20).Select(reason => new DomainStatus(state, reason)));
        Assert.Equal(
            ["Running (post-copy)", "Running (post-copy failed)", "Paused (post-copy)", "Paused (post-copy failed)"],
            all.Where(status => status.IsPostCopy).Select(status => status.ToString()));
        Assert.All(all.Where(status => status.IsPostCopyFailed), status => Assert.True(status is { IsPostCopy: true, Reason: "post-copy failed" }));
        Assert.Equal(
            ["Paused (migrating)", "Paused (starting up)"],
            all.Where(status => status.IsPausedForMigration).Select(status => status.ToString()));
        Assert.Equal("ShutOff (crashed)", Assert.Single(all, status => status.HasCrashed).ToString());
    }
}
