using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>What a policy wants done.</summary>
public abstract record PolicyDecision
{
    private PolicyDecision()
    {
    }

    /// <summary>Why, in one sentence.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Nothing, for the reason given.</summary>
    public sealed record Wait : PolicyDecision;

    /// <summary>Nothing; but the reason is worth a notice.</summary>
    public sealed record Notify : PolicyDecision;

    /// <summary>Allows this downtime at the end.</summary>
    /// <param name="Downtime">1 ms to 2,000 s.</param>
    public sealed record SetMaxDowntime(Duration Downtime) : PolicyDecision;

    /// <summary>Limits the bandwidth.</summary>
    /// <param name="Bandwidth">The limit of the memory stream.</param>
    public sealed record SetBandwidth(Bandwidth Bandwidth) : PolicyDecision;

    /// <summary>Switches to post-copy now.</summary>
    public sealed record StartPostCopy : PolicyDecision;

    /// <summary>The guest is paused, so that the rest can be copied.</summary>
    public sealed record Suspend : PolicyDecision;

    /// <summary>The migration is aborted; the guest keeps running on the source.</summary>
    /// <param name="Cause">What kind of reason there is.</param>
    public sealed record Abort(AbortCause Cause) : PolicyDecision;
}
