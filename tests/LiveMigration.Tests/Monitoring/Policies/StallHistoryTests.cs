using LiveMigration.Monitoring.Policies;
using LiveMigration.Monitoring.Policies.Rules;

namespace LiveMigration.Tests.Monitoring.Policies;

/// <summary>The cases of KubeVirt's own tests of its detector, with their 25 s.</summary>
public sealed class StallHistoryTests
{
    private static readonly StallDetection Settings = new() { StallProgressTimeout = TimeSpan.FromSeconds(25) };

    private readonly StallHistory _history = new(Settings);

    [Fact]
    public void Within_the_window_nothing_stalls()
    {
        _history.Add(0, 1000);
        _history.Add(24_999, 1000);

        Assert.False(_history.IsStalled);
    }

    [Theory]
    [InlineData(900, false)]
    [InlineData(959, false)]
    [InlineData(960, true)]
    [InlineData(970, true)]
    public void Four_percent_less_than_before_the_window_is_progress(long remaining, bool stalled)
    {
        _history.Add(0, 1000);
        _history.Add(25_000, remaining);

        Assert.Equal(stalled, _history.IsStalled);
    }

    [Fact]
    public void The_margin_can_be_set()
    {
        var tolerant = new StallHistory(Settings with { StallMargin = 10 });
        tolerant.Add(0, 1000);
        tolerant.Add(25_000, 955);

        Assert.True(tolerant.IsStalled);
    }

    [Fact]
    public void It_is_compared_with_the_least_before_the_window()
    {
        _history.Add(0, 500);
        _history.Add(5_000, 400);
        _history.Add(10_000, 300);
        _history.Add(30_000, 390); // 500 and 400 are old now; less than 384 would be progress.

        Assert.True(_history.IsStalled);
        Assert.Equal(300, _history.Best);
    }

    [Fact]
    public void Progress_puts_it_off()
    {
        _history.Add(0, 500);
        _history.Add(5_000, 400);
        _history.Add(10_000, 300);
        _history.Add(30_000, 200);
        _history.Add(60_000, 100); // All are old now; 200 is the least of them.

        Assert.False(_history.IsStalled);
    }

    [Fact]
    public void With_no_window_the_next_pass_stalls()
    {
        var hasty = new StallHistory(Settings with { StallProgressTimeout = TimeSpan.Zero });
        hasty.Add(0, 1000);
        hasty.Add(1, 1000);

        Assert.True(hasty.IsStalled);
    }

    [Theory]
    [InlineData(104, true)]
    [InlineData(105, false)]
    public void Four_percent_more_than_the_best_is_as_good(long remaining, bool minimum)
    {
        Stall(at: 0, best: 100);

        Assert.Equal(minimum, _history.IsMinimum(remaining));
    }

    /// <summary>Patience is 25 s, 12.5 s, 6.25 s, …; each time the next smallest that was seen becomes the best.</summary>
    [Fact]
    public void As_time_goes_by_the_next_best_will_do()
    {
        Stall(at: 0, best: 100);
        foreach (var seen in new long[] { 300, 500, 200, 600 })
            _history.Add(0, seen);

        Assert.Equal([100, 200, 300, 500, 600], new long[] { 10_000, 25_000, 37_500, 43_750, 50_000 }.Select(time =>
        {
            _history.Add(time, 9999);
            return _history.Best;
        }));
    }

    /// <summary>Makes it stall at a time, with nothing seen since.</summary>
    private void Stall(long at, long best)
    {
        _history.Add(at - 25_000, best);
        _history.Add(at, best);
        Assert.True(_history.IsStalled);
        Assert.Equal(best, _history.Best);
    }
}
