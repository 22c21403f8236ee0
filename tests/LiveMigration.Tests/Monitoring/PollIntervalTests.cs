using LiveMigration.Monitoring;

namespace LiveMigration.Tests.Monitoring;

public sealed class PollIntervalTests
{
    [Theory]
    [InlineData(0, 250)]
    [InlineData(1000, 250)]
    [InlineData(2500, 250)]
    [InlineData(5000, 500)]
    [InlineData(10_000, 1000)]
    [InlineData(3_600_000, 1000)]
    public void While_it_copies_it_looks_ten_times_in_what_is_left_within_limits(double left, double interval) =>
        Assert.Equal(interval, After(MigrationPhase.Copying, left));

    [Theory]
    [InlineData(MigrationPhase.Starting)]
    [InlineData(MigrationPhase.Switching)]
    [InlineData(MigrationPhase.PostCopy)]
    [InlineData(MigrationPhase.Verifying)]
    public void In_a_short_phase_it_looks_often_whatever_is_left(MigrationPhase phase) => Assert.Equal(250, After(phase, 3_600_000));

    [Fact]
    public void With_no_end_in_sight_it_looks_often() => Assert.Equal(250, After(MigrationPhase.Copying, null));

    private static double After(MigrationPhase phase, double? left) => PollInterval.After(new MigrationProgress
    {
        Phase = phase,
        Percent = 50,
        TimeLeft = left is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
    }).TotalMilliseconds;
}
