using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Migration;

/// <summary>M1: who listens to a migration cannot harm it.</summary>
public sealed class MigrationRunTests
{
    private readonly MigrationRun _run = new(Given.Domain(), Given.Host("b"), MigrationOptions.Default, MigrationMode.PeerToPeer, foreign: false);

    [Fact]
    public void A_listener_that_fails_is_told_of_once_and_keeps_nobody_from_hearing()
    {
        var heard = new List<MigrationPhase>();
        _run.Progressed += (_, _) => throw new InvalidOperationException("no screen");
        _run.Progressed += (_, progress) => heard.Add(progress.Phase);
        _run.Enter(MigrationPhase.Copying);
        _run.Enter(MigrationPhase.Verifying);
        Assert.Equal([MigrationPhase.Copying, MigrationPhase.Verifying], heard);
        Assert.Equal(
            "An event handler of the migration of 'web' failed, and the migration continues: InvalidOperationException: no screen",
            Assert.Single(_run.Notices));
    }

    [Fact]
    public void A_listener_to_notices_that_fails_gets_one_more_notice_and_no_endless_row_of_them()
    {
        _run.Noticed += (_, notice) => throw new FormatException(notice);
        _run.Notice("one");
        _run.Notice("two");
        Assert.Equal(3, _run.Notices.Count);
    }
}
