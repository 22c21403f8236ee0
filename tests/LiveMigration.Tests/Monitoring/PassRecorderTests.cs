using LiveMigration.Hypervisors;
using LiveMigration.Monitoring;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring;

/// <summary>What the next forecast of a VM learns from a migration.</summary>
public sealed class PassRecorderTests
{
    private const long MiB = 1 << 20;

    private readonly PassRecorder _recorder = new(TimeSpan.FromMilliseconds(300));

    [Fact]
    public void Each_pass_is_a_point_of_the_dirty_curve()
    {
        Add(0, 1, transferred: 0, remaining: 256);
        Add(4, 2, transferred: 200, remaining: 60);
        Add(5, 3, transferred: 250, remaining: 30);

        Assert.Equal([4000, 1000], _recorder.Points.Select(point => (int)point.Period.TotalMilliseconds));
        // 12.5 MiB fit into the downtime, less the step in which QEMU sends: so much may have been left over.
        Assert.InRange(_recorder.Points[0].Dirtied, 45 * MiB, 50 * MiB);
        // Of the 60, 50 were sent, so 10 of the 30 had been left over.
        Assert.Equal(20 * MiB, _recorder.Points[1].Dirtied);
    }

    [Fact]
    public void A_pass_that_was_not_seen_from_its_beginning_to_its_end_is_no_point()
    {
        Add(0, 2, transferred: 0, remaining: 60);
        Add(2, 4, transferred: 100, remaining: 50);
        Add(2.5, 4, transferred: 110, remaining: 40);

        Assert.Empty(_recorder.Points);
    }

    /// <summary>When the pass that is under way began, and what limit it has, nobody has seen.</summary>
    [Fact]
    public void Of_a_migration_that_somebody_else_began_the_first_pass_and_the_rate_say_nothing()
    {
        var watched = new PassRecorder(TimeSpan.FromMilliseconds(300), joined: true);
        foreach (var (at, pass, transferred, remaining) in new[] { (0, 1, 100, 156), (2, 2, 200, 60), (4, 3, 250, 30) })
            watched.Add(TimeSpan.FromSeconds(at), pass, new MigrationStatistics { MemoryTransferred = transferred * MiB, MemoryRemaining = remaining * MiB, MemoryRate = 50 * MiB }, null);

        Assert.Equal(2000, Assert.Single(watched.Points).Period.TotalMilliseconds);
        Assert.Equal(20 * MiB, watched.Points[0].Dirtied);
        Assert.Null(watched.LinkRate);
    }

    [Fact]
    public void A_guest_that_is_slowed_down_says_nothing_about_its_full_speed()
    {
        Add(0, 1, transferred: 0, remaining: 256);
        Add(4, 2, transferred: 200, remaining: 60, throttle: 20);
        Add(5, 3, transferred: 250, remaining: 30, throttle: 30);

        Assert.Empty(_recorder.Points);
        Assert.Equal(30, _recorder.Throttle);
    }

    [Fact]
    public void The_fastest_second_is_what_the_link_takes()
    {
        Add(0, 1, transferred: 0, remaining: 900);
        Add(0.5, 1, transferred: 90, remaining: 800); // No whole second: a burst.
        Assert.Null(_recorder.LinkRate);
        Add(1, 1, transferred: 100, remaining: 700);
        Add(2, 1, transferred: 220, remaining: 600);
        Add(3, 1, transferred: 250, remaining: 500);

        Assert.Equal(120 * MiB, _recorder.LinkRate);
    }

    [Fact]
    public void What_a_limit_holds_back_says_nothing_about_the_link()
    {
        Add(0, 1, transferred: 0, remaining: 900, limit: 100);
        Add(1, 1, transferred: 98, remaining: 800, limit: 100);
        Assert.Null(_recorder.LinkRate);
        Add(2, 1, transferred: 138, remaining: 700, limit: 100); // Others may use the rest of it.
        Add(2.5, 1, transferred: 200, remaining: 700);
        Assert.Null(_recorder.LinkRate);
        Add(3.5, 1, transferred: 280, remaining: 700);
        Assert.Equal(80 * MiB, _recorder.LinkRate);
    }

    private void Add(double at, int pass, long transferred, long remaining, int? throttle = null, int? limit = null) => _recorder.Add(
        TimeSpan.FromSeconds(at),
        pass,
        new MigrationStatistics { MemoryTransferred = transferred * MiB, MemoryRemaining = remaining * MiB, MemoryRate = 50 * MiB, Throttle = throttle },
        limit is { } set ? Bandwidth.FromMebibytes(set) : null);
}
