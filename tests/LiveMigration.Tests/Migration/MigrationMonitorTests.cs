using System.Threading.Channels;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Migration;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Migration;

/// <summary>M4: a transient domain leaves nothing behind but the source's last word on it.</summary>
public sealed class MigrationMonitorTests
{
    private readonly MigrationRun _run = new(Given.Domain(), Given.Host("b"), MigrationOptions.Default, MigrationMode.PeerToPeer, foreign: false);

    [Theory]
    [InlineData(StoppedDetail.Shutdown, MigrationVerdict.Lost, MigrationVerdict.ShutOff)]
    [InlineData(StoppedDetail.Destroyed, MigrationVerdict.Lost, MigrationVerdict.ShutOff)]
    [InlineData(StoppedDetail.Crashed, MigrationVerdict.Lost, MigrationVerdict.Lost)]
    [InlineData(StoppedDetail.Crashed, MigrationVerdict.ShutOff, MigrationVerdict.Lost)]
    [InlineData(StoppedDetail.Shutdown, MigrationVerdict.Unsettled, MigrationVerdict.Unsettled)]
    [InlineData(StoppedDetail.Shutdown, MigrationVerdict.Moved, MigrationVerdict.Moved)]
    public async Task Why_the_source_stopped_it_tells_whether_it_is_lost(int detail, MigrationVerdict found, MigrationVerdict verdict) =>
        Assert.Equal(verdict, (await AfterAsync(new LifecycleEvent(_run.Domain.Uuid, _run.Name, LifecycleChange.Stopped, detail))).Ending(found));

    [Fact]
    public async Task What_became_of_another_domain_says_nothing() => Assert.Equal(
        MigrationVerdict.Lost,
        (await AfterAsync(new LifecycleEvent(Guid.NewGuid(), "other", LifecycleChange.Stopped, StoppedDetail.Shutdown))).Ending(MigrationVerdict.Lost));

    private async Task<MigrationMonitor> AfterAsync(DomainEvent happened)
    {
        var monitor = new MigrationMonitor(_run);
        var events = Channel.CreateUnbounded<DomainEvent>();
        events.Writer.TryWrite(happened);
        events.Writer.Complete();
        await monitor.DrainAsync(events.Reader, TimeSpan.FromMinutes(1));
        return monitor;
    }
}
