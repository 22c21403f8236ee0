using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Migration;

/// <summary>M4: a transient domain leaves nothing behind but the source's last word on it.</summary>
public sealed class MigrationSupervisorTests
{
    private readonly MigrationRun _run = new(Given.Domain(), Given.Host("b"), MigrationOptions.Default, MigrationMode.PeerToPeer, foreign: false);

    [Theory]
    [InlineData(nameof(GuestState.Ended), MigrationVerdict.Lost, MigrationVerdict.ShutOff)]
    [InlineData(nameof(GuestState.Crashed), MigrationVerdict.Lost, MigrationVerdict.Lost)]
    [InlineData(nameof(GuestState.Crashed), MigrationVerdict.ShutOff, MigrationVerdict.Lost)]
    [InlineData(nameof(GuestState.ShutOff), MigrationVerdict.Lost, MigrationVerdict.Lost)]
    [InlineData(nameof(GuestState.Ended), MigrationVerdict.Unsettled, MigrationVerdict.Unsettled)]
    [InlineData(nameof(GuestState.Ended), MigrationVerdict.Moved, MigrationVerdict.Moved)]
    public async Task Why_the_source_stopped_it_tells_whether_it_is_lost(string why, MigrationVerdict found, MigrationVerdict verdict)
    {
        var driver = new ScriptedDriver(_run);
        driver.Signal(new MigrationSignal.Stopped(Enum.Parse<GuestState>(why)));
        var supervisor = new MigrationSupervisor(_run, driver);
        await supervisor.DrainAsync(TimeSpan.Zero);
        Assert.Equal(verdict, supervisor.Ending(found));
    }
}
