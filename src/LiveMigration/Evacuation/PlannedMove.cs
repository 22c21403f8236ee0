using LiveMigration.Evacuation.Fleets;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>One domain's way.</summary>
public sealed record PlannedMove
{
    private readonly ItemList<string> _alternatives = ItemList<string>.Empty;
    private readonly ItemList<FleetDomain> _after = ItemList<FleetDomain>.Empty;

    /// <summary>The domain.</summary>
    public required FleetDomain Domain { get; init; }

    /// <summary>The source host.</summary>
    public string Source => Domain.Host;

    /// <summary>The destination.</summary>
    public required string Destination { get; init; }

    /// <summary>Where it could go instead, the best first.</summary>
    public IReadOnlyList<string> Alternatives { get => _alternatives; init => _alternatives = ItemList<string>.Of(value); }

    /// <summary>1 for a move that begins at once; each other one has the wave after that of the move whose place it takes.</summary>
    public required int Wave { get; init; }

    /// <summary>When it starts, from the start of the plan.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>How long it takes.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>When it has ended.</summary>
    public TimeSpan End => Start + Time;

    /// <summary>Bytes to transfer: memory, memory that changes meanwhile, disks.</summary>
    public required long Bytes { get; init; }

    /// <summary>Whether it has its links for itself.</summary>
    public required bool Alone { get; init; }

    /// <summary>Whether it converges; otherwise it needs post-copy, throttling or more downtime.</summary>
    public required bool Converges { get; init; }

    /// <summary>The domains that have to be gone from the destination before.</summary>
    public IReadOnlyList<FleetDomain> After { get => _after; init => _after = ItemList<FleetDomain>.Of(value); }

    /// <summary>Why it moves, in one sentence; null where the whole host is to be emptied.</summary>
    public string? Reason { get; init; }

    /// <summary>How much less the imbalance is when it has moved, as in <see cref="Balancing.LoadImbalance"/>; null unless the plan balances.</summary>
    public double? Gain { get; init; }

    /// <summary>A migration that was planned by itself.</summary>
    internal static PlannedMove OfItself(MigrationPlan plan) => new()
    {
        Domain = new FleetDomain
        {
            // One domain may be meant twice: that is libvirt's to refuse.
            Uuid = Guid.NewGuid(),
            Name = plan.Domain.Name,
            Host = plan.Source.Name,
            Memory = plan.Domain.Memory ?? 0,
            Disks = plan.Disks.Sum(disk => disk.Bytes ?? disk.Capacity ?? 0),
        },
        Destination = plan.Destination.Name,
        Wave = 1,
        Start = default,
        Time = default,
        Bytes = default,
        Alone = false,
        Converges = true,
    };

    /// <summary>For example <c>web1: a → b</c>.</summary>
    public override string ToString() => $"{Domain}: {Source} → {Destination}";
}
