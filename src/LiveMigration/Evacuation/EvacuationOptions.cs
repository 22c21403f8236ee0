using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>What an evacuation may do to hosts and links.</summary>
public sealed record EvacuationOptions
{
    /// <summary>The hosts that can receive VMs; empty is every host that is not emptied.</summary>
    public IReadOnlyList<string> Destinations { get; init; } = [];

    /// <summary>How many migrations may leave a host at a time.</summary>
    public int MaxOutgoing { get; init; } = 4;

    /// <summary>How many migrations may reach a host at a time.</summary>
    public int MaxIncoming { get; init; } = 4;

    /// <summary>The bandwidth of each host's card.</summary>
    public Bandwidth Bandwidth { get; init; } = Bandwidth.Parse("10Gbit/s");

    /// <summary>Memory that stays free on a destination, in percent.</summary>
    public int Headroom { get; init; } = 5;

    /// <summary>
    /// From which dirty rate on, in percent of the bandwidth on its way, a domain moves alone: beside others it would send
    /// its memory again and again.
    /// </summary>
    public int AloneFrom { get; init; } = 10;

    /// <summary>Move domains between destination hosts where that makes the room that another one needs.</summary>
    public bool MakeRoom { get; init; }

    /// <summary>What a migration takes beside sending: begin, switch-over, settling.</summary>
    public Duration Overhead { get; init; } = TimeSpan.FromSeconds(1.5);
}
