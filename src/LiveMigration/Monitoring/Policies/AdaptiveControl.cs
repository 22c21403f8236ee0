using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>
/// Decides by a forecast: what each pass tells is what is to be expected of those to come, and of all that is permitted and ends it
/// by the deadline, what harms the guest least is done, once. Weights say what harm is: a second of a pause counts as <see cref="PauseWeight"/>.
/// </summary>
public sealed record AdaptiveControl
{
    /// <summary>The highest downtime limit that it may set.</summary>
    public Duration MaxDowntime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What it starts with where nothing is said: QEMU's own limit.</summary>
    private static readonly Duration Usual = TimeSpan.FromMilliseconds(300);

    /// <summary>What a second counts for which the guest stands still.</summary>
    public double PauseWeight { get; init; } = 1;

    /// <summary>What a second counts that the guest loses by being slowed down (auto-converge).</summary>
    public double ThrottleWeight { get; init; } = 0.5;

    /// <summary>What a second of post-copy counts; it counts as one second at least, since a broken link is the end of the guest then.</summary>
    public double PostCopyWeight { get; init; } = 5;

    /// <summary>What a second counts by which the migration takes longer.</summary>
    public double TimeWeight { get; init; } = 0.01;

    /// <summary>The downtime that it starts with, in force before the first byte is sent.</summary>
    /// <param name="downtime">What the policy says of it.</param>
    internal FixedDowntime Initial(DowntimeSchedule? downtime)
    {
        var said = downtime is FixedDowntime { Downtime: var initial } ? initial : Usual;
        return new FixedDowntime(said < MaxDowntime ? said : MaxDowntime);
    }
}
