using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Placing;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>Moves in their order, made again from the beginning: who has to wait for whom, and why each is made.</summary>
internal sealed class LoadSequence
{
    /// <summary>Of longer plans it would take long to look which moves they could do without.</summary>
    private const int Shortened = 100;

    private readonly Dictionary<Guid, (string Reason, double Gain)> _reasons = [];
    private readonly List<Placement> _placed = [];

    private LoadSequence(LoadGroup group, IReadOnlyList<LoadMove> moves) => (Group, Moves) = (group, moves);

    /// <summary>The hosts when all has been moved.</summary>
    internal LoadGroup Group { get; }

    private IReadOnlyList<LoadMove> Moves { get; }

    internal IReadOnlyList<Placement> Placed => _placed;

    /// <summary>Whether a host is busier than it may be that VMs come to.</summary>
    private bool IsAnywhereTooBusy => Moves.Any(move => Group.Hosts[move.To.Index].IsTooBusy);

    internal (string Reason, double Gain) this[FleetDomain domain] => _reasons[domain.Uuid];

    /// <summary>Those of a search, without the moves that later ones have made superfluous.</summary>
    /// <param name="moves">What was found.</param>
    /// <param name="again">The hosts as they are before anything moves.</param>
    /// <param name="target">What the imbalance may be.</param>
    internal static LoadSequence Shortest(IReadOnlyList<LoadMove> moves, Func<LoadGroup> again, double target)
    {
        var best = Of(moves, again()) ?? throw new InvalidOperationException("The moves of the plan are in each other's way.");
        if (best.Group.Balance.Goal is not EvacuationGoal.Balance || moves.Count > Shortened || best.Group.Imbalance > target)
            return best;
        foreach (var move in moves.Where(move => !move.Unit.IsPart).OrderByDescending(move => move.Unit.Group.Bytes).ToList())
        {
            LoadMove[] fewer = [.. moves.Where(other => other != move)];
            // Where one stays after all, others may be too many.
            if (Of(fewer, again()) is { } shorter && shorter.Group.Imbalance <= target && !shorter.IsAnywhereTooBusy)
                (moves, best) = (fewer, shorter);
        }

        return best;
    }

    /// <summary>The moves in this order; null when one is in the way of another.</summary>
    private static LoadSequence? Of(IReadOnlyList<LoadMove> moves, LoadGroup group)
    {
        var sequence = new LoadSequence(group, moves);
        return moves.All(move => sequence.TryMove(group.Units[move.Unit.Index], group.Hosts[move.To.Index])) ? sequence : null;
    }

    private bool TryMove(LoadUnit unit, LoadHost to)
    {
        if (!to.Room.Takes(unit.Group))
            return false;
        FleetDomain[] after = to.TakesAtOnce(unit) ? [] : [.. to.Room.Evicted];
        var words = new MoveReason(Group, unit, to);
        var before = Group.Imbalance;
        Group.Move(unit, to);
        foreach (var domain in unit.Domains)
        {
            _placed.Add(new Placement(domain, to.Host, [], after));
            _reasons[domain.Uuid] = (words.Text(), (before - Group.Imbalance) / unit.Domains.Count);
        }

        return true;
    }
}
