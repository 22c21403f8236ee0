using LiveMigration.Monitoring;

namespace LiveMigration.Tests.Monitoring;

public sealed class StallDetectorTests
{
    private readonly StallDetector _detector = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));

    [Fact]
    public void What_moves_is_not_stalled()
    {
        for (var second = 0; second < 100; second++)
            Assert.False(At(second, second * 1000));
    }

    [Fact]
    public void What_stands_still_is_stalled_when_the_time_is_up()
    {
        Assert.False(At(1, 1000));
        Assert.False(At(2, 1000));
        Assert.False(At(5.9, 1000));
        Assert.True(At(6, 1000));
    }

    [Fact]
    public void Each_movement_starts_the_time_again()
    {
        Assert.False(At(1, 1000));
        Assert.False(At(5, 1001));
        Assert.False(At(9.9, 1001));
        Assert.True(At(10, 1001));
        Assert.False(At(11, 1002));
    }

    [Fact]
    public void A_host_that_does_not_answer_does_not_move()
    {
        Assert.False(At(1, 1000));
        Assert.False(At(3, null));
        Assert.True(At(6, null));
        Assert.False(At(7, 2000));
    }

    [Fact]
    public void A_host_that_never_answered_has_the_time_from_the_start()
    {
        Assert.False(At(4.9, null));
        Assert.True(At(5, null));
    }

    [Fact]
    public void Nothing_sent_is_a_first_sample_and_no_movement_after()
    {
        Assert.False(At(2, 0));
        Assert.False(At(6.9, 0));
        Assert.True(At(7, 0));
    }

    /// <summary>B014: hooks, huge pages and preallocated memory take their time, and nothing can move meanwhile.</summary>
    [Fact]
    public void A_destination_that_prepares_has_a_patience_of_its_own()
    {
        Assert.Equal(Stall.None, Preparing(1));
        Assert.Equal(Stall.None, Preparing(19.9));
        Assert.Equal(Stall.Preparing, Preparing(20));
    }

    [Fact]
    public void The_clock_of_a_stall_starts_when_the_destination_is_ready()
    {
        Assert.Equal(Stall.None, Preparing(15));
        Assert.False(At(19.9, 0));
        Assert.False(At(24.8, 0));
        Assert.True(At(24.9, 0));
    }

    [Fact]
    public void A_source_that_falls_silent_while_the_destination_prepares_is_stalled()
    {
        Assert.Equal(Stall.None, Preparing(10));
        Assert.False(At(14.9, null));
        Assert.True(At(15, null));
    }

    [Fact]
    public void What_came_before_an_attempt_counts_for_nothing()
    {
        _detector.Begin(TimeSpan.FromSeconds(60));
        Assert.False(At(64, null));
        Assert.Equal(Stall.None, Preparing(79));
        Assert.Equal(Stall.Preparing, Preparing(80));
    }

    private bool At(double seconds, long? transferred) => _detector.Add(TimeSpan.FromSeconds(seconds), transferred, preparing: false) is Stall.Sending;

    private Stall Preparing(double seconds) => _detector.Add(TimeSpan.FromSeconds(seconds), null, preparing: true);
}
