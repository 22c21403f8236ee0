using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Running;
using static LiveMigration.Tests.Evacuation.Fleets;

namespace LiveMigration.Tests.Evacuation.Running;

/// <summary>V8: who waits for the room of another one.</summary>
public sealed class MoveOrderTests
{
    /// <summary>The big one fits on neither until the small one on c has left; the small one is not the smallest.</summary>
    private static readonly EvacuationPlan Roomy = EvacuationPlanner.Plan(
        new Fleet
        {
            Hosts = [Host("a"), Host("b", "16GiB"), Host("c", "32GiB")],
            Domains = [Domain("big", "a", "24GiB"), Domain("small", "c", "12GiB"), Domain("other", "a", "1GiB")],
        },
        ["a"],
        new EvacuationOptions { Destinations = ["b", "c"], MakeRoom = true, Headroom = 0 });

    [Fact]
    public void A_canary_waits_for_nobody()
    {
        Assert.Equal("other", Assert.Single(MoveOrder.Canaries(Moves(), 1)).Name);
        // Two are asked for and the second smallest waits for one that is no canary: nothing would ever begin.
        var moves = Moves();
        moves.Single(move => move.Name == "other").Planned = Planned("other") with { After = [Planned("small").Domain] };
        Assert.Equal("small", Assert.Single(MoveOrder.Canaries(moves, 2)).Name);
    }

    [Theory]
    [InlineData(EvacuatedState.Waiting, false)]
    [InlineData(EvacuatedState.Migrating, false)]
    [InlineData(EvacuatedState.Moved, false)]
    [InlineData(EvacuatedState.Stayed, true)]
    [InlineData(EvacuatedState.Unclear, true)]
    public void Who_has_not_left_leaves_no_room(EvacuatedState state, bool blocks)
    {
        var moves = Moves();
        var (big, small) = (moves.Single(move => move.Name == "big"), moves.Single(move => move.Name == "small"));
        Assert.Equal("small", Assert.Single(big.Planned.After).Name);
        small.State = state;
        Assert.Equal(blocks ? small : null, MoveOrder.Blocker(big, moves.ToDictionary(move => move.Uuid)));
        Assert.Null(MoveOrder.Blocker(small, moves.ToDictionary(move => move.Uuid)));
        // It had left before the run began.
        Assert.Null(MoveOrder.Blocker(big, new Dictionary<Guid, MoveState>()));
    }

    [Fact]
    public void A_host_on_which_a_VM_stays_is_not_emptied()
    {
        var plan = Roomy with { Goal = EvacuationGoal.Pack, Emptied = ["a", "c", "gone"] };
        (Guid, string, string)[] running = [.. plan.Moves.Select(move => (move.Domain.Uuid, move.Domain.Name, move.Source))];
        var changes = new List<string>();
        Assert.Equal(["a", "c"], PlanDrift.Emptied(plan, plan.Moves, running, changes));
        Assert.Empty(changes);
        Assert.Equal(["c"], PlanDrift.Emptied(plan, plan.Moves, [.. running, (Guid.NewGuid(), "new", "a")], changes));
        Assert.Equal(["'new' runs on a and does not move: a is not emptied."], changes);
    }

    private static MoveState[] Moves() => [.. Roomy.Moves.Select(move => new MoveState(move))];

    private static PlannedMove Planned(string name) => Roomy.Moves.Single(move => move.Domain.Name == name);
}
