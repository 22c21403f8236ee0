using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Placing;
using LiveMigration.Forecasting;

namespace LiveMigration.Evacuation.Scheduling;

/// <summary>A move on its way through the simulated evacuation. Times are seconds, sizes are bytes.</summary>
internal sealed class Move
{
    /// <summary>Near the link's bandwidth passes get so long that nobody waits for their end.</summary>
    private const double StillConverges = 0.9;

    /// <summary>So many times the narrowest link's bandwidth leave enough beside one migration.</summary>
    private const double Wide = 2;

    private readonly double _dirty;

    internal Move(Placement placement, LinkMap links, EvacuationOptions options)
    {
        Placement = placement;
        Way = links.Way(Domain, placement.Destination.Name);
        var narrowest = links.Narrowest(Way);
        var dirty = (double)(Domain.DirtyRate ?? 0);
        Converges = dirty < StillConverges * narrowest;
        Alone = dirty >= narrowest / 100 * options.AloneFrom;
        Held = Alone ? Array.FindAll(Way, link => links.BytesPerSecond(link) < Wide * narrowest) : [];
        // Without an end of its own it ends by post-copy: a page travels at most once more.
        _dirty = Converges ? dirty : 0;
        Left = TransferSize.Of(Domain) + (Converges ? 0 : Domain.Memory);
        BytesAtBest = PreCopy.BytesOf(Left, narrowest, _dirty);
        SecondsAtBest = BytesAtBest / narrowest + options.Overhead.Value.TotalSeconds;
    }

    internal Placement Placement { get; }

    internal FleetDomain Domain => Placement.Domain;

    internal int[] Way { get; }

    /// <summary>Those links of its way that it has for itself: the narrow ones. A wide one carries others beside it.</summary>
    internal int[] Held { get; }

    internal bool Alone { get; }

    internal bool Converges { get; }

    internal double BytesAtBest { get; }

    internal double SecondsAtBest { get; }

    /// <summary>What is still to be sent if nothing changed any more.</summary>
    internal double Left { get; private set; }

    internal double Sent { get; private set; }

    internal double Rate { get; set; }

    internal double Start { get; set; }

    /// <summary>When it begins to send.</summary>
    internal double Sends { get; set; }

    internal double End { get; set; } = double.NaN;

    internal bool HasEnded => !double.IsNaN(End);

    internal int Wave { get; set; }

    /// <summary>When it will be through at its present rate.</summary>
    internal double SecondsLeft => Rate > 0 ? Left / Gain : SecondsAtBest;

    /// <summary>What it gets ahead in a second; a guest that changes more than its share is slowed down rather than never sent.</summary>
    private double Gain => Math.Max(Rate - _dirty, Rate / 20);

    internal void Send(double seconds)
    {
        Sent += Rate * seconds;
        Left = Math.Max(0, Left - Gain * seconds);
    }
}
