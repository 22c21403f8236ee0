using LiveMigration.Hypervisors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Migration.Libvirt;

namespace LiveMigration.Tests.Migration.Libvirt;

/// <summary>DESIGN "The seam": libvirt's events in the terms of a migration.</summary>
public sealed class LibvirtSignalsTests
{
    private static readonly Guid Domain = Guid.NewGuid();

    [Theory]
    [InlineData(nameof(LifecycleChange.Stopped), StoppedDetail.Shutdown, "Stopped { Why = Ended }")]
    [InlineData(nameof(LifecycleChange.Stopped), StoppedDetail.Destroyed, "Stopped { Why = Ended }")]
    [InlineData(nameof(LifecycleChange.Stopped), StoppedDetail.Crashed, "Stopped { Why = Crashed }")]
    [InlineData(nameof(LifecycleChange.Stopped), 3, "Stopped { Why = ShutOff }")]
    [InlineData(nameof(LifecycleChange.Suspended), SuspendedDetail.Migrated, "SwitchedOver { }")]
    [InlineData(nameof(LifecycleChange.Suspended), SuspendedDetail.PostCopy, "PostCopyBegan { }")]
    [InlineData(nameof(LifecycleChange.Suspended), SuspendedDetail.PostCopyFailed, "PostCopyBroke { }")]
    [InlineData(nameof(LifecycleChange.Suspended), 0, null)]
    [InlineData(nameof(LifecycleChange.Resumed), 1, null)]
    public void A_change_of_the_guest_is_a_signal(string change, int detail, string? signal) =>
        Assert.Equal(signal, LibvirtSignals.Of(new LifecycleEvent(Domain, "web", Enum.Parse<LifecycleChange>(change), detail))?.ToString());

    [Fact]
    public void A_completed_job_is_a_signal_if_it_is_a_migration()
    {
        var job = new JobStatistics { Type = JobType.Completed, Operation = JobOperation.MigrationOut, Downtime = 204 };
        var completed = Assert.IsType<MigrationSignal.Completed>(LibvirtSignals.Of(new JobCompletedEvent(Domain, "web", job)));
        Assert.Equal((TimeSpan.FromMilliseconds(204), null), (completed.Statistics.Downtime, completed.Statistics.ExpectedDowntime));
        Assert.Null(LibvirtSignals.Of(new JobCompletedEvent(Domain, "web", job with { Operation = JobOperation.Unknown })));
    }

    [Fact]
    public void Only_the_domain_s_own_events_are_signals_and_their_order_is_kept()
    {
        var signals = new LibvirtSignals(Domain);
        Assert.True(signals.TryWrite(new MigrationIterationEvent(Guid.NewGuid(), "other", 1)));
        Assert.True(signals.TryWrite(new MigrationIterationEvent(Domain, "web", 4)));
        Assert.True(signals.TryWrite(new LifecycleEvent(Domain, "web", LifecycleChange.Suspended, SuspendedDetail.Migrated)));
        Assert.True(signals.Reader.TryRead(out var first));
        Assert.True(signals.Reader.TryRead(out var second));
        Assert.Equal(4, Assert.IsType<MigrationSignal.PassBegan>(first).Number);
        Assert.IsType<MigrationSignal.SwitchedOver>(second);
        Assert.False(signals.Reader.TryRead(out _));
    }

    [Fact]
    public void A_downtime_is_expected_while_the_job_runs_and_a_dirty_rate_is_pages_by_their_size()
    {
        var job = new JobStatistics { Type = JobType.Unbounded, Operation = JobOperation.MigrationOut, Downtime = 300, DirtyPagesPerSecond = 1000, PageSize = 65536 };
        var statistics = LibvirtStatistics.Of(job);
        Assert.Equal((null, TimeSpan.FromMilliseconds(300)), (statistics.Downtime, statistics.ExpectedDowntime));
        Assert.Equal(65_536_000, statistics.DirtyRate);
        Assert.Equal(4_096_000, LibvirtStatistics.Of(job with { PageSize = null }).DirtyRate);
        Assert.Null(LibvirtStatistics.Of(job with { DirtyPagesPerSecond = null }).DirtyRate);
    }
}
