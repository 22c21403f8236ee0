using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>Where each domain goes, in what order, how long it takes, and what cannot move.</summary>
public sealed record EvacuationPlan
{
    private readonly ItemList<string> _sources = ItemList<string>.Empty;
    private readonly ItemList<PlannedMove> _moves = ItemList<PlannedMove>.Empty;
    private readonly ItemList<string> _emptied = ItemList<string>.Empty;
    private readonly ItemList<UnmovableDomain> _unmovable = ItemList<UnmovableDomain>.Empty;

    /// <summary>The hosts to empty; of a plan that balances, packs or spreads, the hosts that VMs leave.</summary>
    public required IReadOnlyList<string> Sources { get => _sources; init => _sources = ItemList<string>.Of(value); }

    /// <summary>The moves in the order in which they start.</summary>
    public required IReadOnlyList<PlannedMove> Moves { get => _moves; init => _moves = ItemList<PlannedMove>.Of(value); }

    /// <summary>The domains that stay, each with the reason.</summary>
    public required IReadOnlyList<UnmovableDomain> Unmovable { get => _unmovable; init => _unmovable = ItemList<UnmovableDomain>.Of(value); }

    /// <summary>How long it all takes.</summary>
    public required TimeSpan Makespan { get; init; }

    /// <summary>What no order of these moves could go below: the fullest link's bytes over its bandwidth, or the longest move.</summary>
    public required TimeSpan LowerBound { get; init; }

    /// <summary>The limits that it keeps.</summary>
    public EvacuationOptions Options { get; init; } = new();

    /// <summary>The links and the limits of hosts that its run keeps to, and the rules for domains.</summary>
    public FleetDescription Description { get; init; } = FleetDescription.None;

    /// <summary>What happens when something goes wrong, or takes too long.</summary>
    public EvacuationPolicy Policy { get; init; } = new();

    /// <summary>What it is for.</summary>
    public EvacuationGoal Goal { get; init; }

    /// <summary>The hosts on which no VM is left when it has been carried out: those that packing empties.</summary>
    public IReadOnlyList<string> Emptied { get => _emptied; init => _emptied = ItemList<string>.Of(value); }

    /// <summary>The imbalance of its hosts when it was made, as in <see cref="Balancing.LoadImbalance"/>; null where it is not known or of no concern.</summary>
    public double? ImbalanceBefore { get; init; }

    /// <summary>The imbalance that is left when it has been carried out and the loads are the same.</summary>
    public double? ImbalanceAfter { get; init; }

    /// <summary>Whether it moves domains back to their original hosts; then none of them goes anywhere else.</summary>
    public bool IsReturn { get; init; }

    /// <summary>The names of all hosts that it empties or fills, or may come to fill.</summary>
    public IReadOnlyList<string> Hosts => ItemList<string>.Of(Sources.Concat(Moves.Select(move => move.Source)).Concat(Moves.Select(move => move.Destination))
        .Concat(Moves.SelectMany(move => move.Alternatives)).Concat(Options.Destinations).Distinct().ToArray());

    /// <summary>Bytes to transfer in total.</summary>
    public long Bytes => Moves.Sum(move => move.Bytes);

    /// <summary>How many waves the moves make.</summary>
    public int Waves => Moves.Count == 0 ? 0 : Moves.Max(move => move.Wave);

    /// <summary>The named links on the way of a domain to a host.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="destination">The host, one of the plan's.</param>
    public IReadOnlyList<FleetLink> LinksBetween(FleetDomain domain, string destination)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (Description.Links.Count == 0)
            return [];
        var map = LinkMap.Of(this);
        return map.NamedOn(map.Way(domain, destination)).ToArray();
    }

    /// <summary>For example <c>a: 12 VMs, 1.3 GiB, 28 s</c>.</summary>
    public override string ToString() => $"{string.Join(", ", Sources)}: {Moves.Count} VMs, {new ByteSize(Bytes)}, {new Duration(Makespan)}";
}
