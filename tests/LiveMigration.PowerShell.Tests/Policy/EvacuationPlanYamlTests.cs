using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Planning;
using LiveMigration.Yaml;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Tests.Policy;

/// <summary>V5: a plan is read as it was written.</summary>
public sealed class EvacuationPlanYamlTests
{
    /// <summary>The big one fits on neither until the small one there has left: b has no room, and c has when its own goes to b.</summary>
    private static readonly EvacuationPlan Roomy = EvacuationPlanner.Plan(
        new Fleet
        {
            Hosts = [Host("a", 64), Host("b", 16), Host("c", 32)],
            Domains = [Domain("big", "a", 24), Domain("small", "c", 12), Domain("other", "a", 1)],
        },
        ["a"],
        new EvacuationOptions { Destinations = ["b", "c"], MakeRoom = true, Headroom = 0 });

    [Fact]
    public void Who_waits_for_the_room_of_another_still_does()
    {
        Assert.Equal("small", Assert.Single(Move(Roomy, "big").After).Name);
        var text = EvacuationPlanYaml.Write(Roomy);
        Assert.Contains("after: [small]", text, StringComparison.Ordinal);
        var read = EvacuationPlanYaml.Parse(text, "plan.yaml");
        Assert.Equal(Move(Roomy, "small").Domain.Uuid, Assert.Single(Move(read, "big").After).Uuid);
        Assert.Equal(Roomy.Moves.Select(move => $"{move} {move.Wave} {move.Bytes}"), read.Moves.Select(move => $"{move} {move.Wave} {move.Bytes}"));
        Assert.Equal(text, EvacuationPlanYaml.Write(read));
    }

    [Fact]
    public void Compression_is_left_to_the_links_unless_it_is_said()
    {
        Assert.DoesNotContain("compression", EvacuationPlanYaml.Write(Roomy), StringComparison.Ordinal);
        var text = EvacuationPlanYaml.Write(Roomy with { Policy = new EvacuationPolicy { Compression = MigrationCompression.None } });
        Assert.Equal(MigrationCompression.None, EvacuationPlanYaml.Parse(text, "plan.yaml").Policy.Compression);
    }

    [Fact]
    public void Disks_that_are_said_to_be_shared_are_kept()
    {
        var text = EvacuationPlanYaml.Write(Roomy with { Policy = new EvacuationPolicy { AssumeShared = ["vdb", "web1/vdc"] } });
        Assert.Equal(["vdb", "web1/vdc"], EvacuationPlanYaml.Parse(text, "plan.yaml").Policy.AssumeShared);
    }

    [Fact]
    public void What_is_said_of_snapshots_and_of_preparing_is_kept()
    {
        Assert.DoesNotContain("prepareTimeout", EvacuationPlanYaml.Write(Roomy), StringComparison.Ordinal);
        var text = EvacuationPlanYaml.Write(Roomy with { Policy = new EvacuationPolicy { AllowLosingSnapshots = ["web1/vda"], PrepareTimeout = Duration.Parse("25min") } });
        var policy = EvacuationPlanYaml.Parse(text, "plan.yaml").Policy;
        Assert.Equal(("web1/vda", Duration.Parse("25min")), (string.Join(',', policy.AllowLosingSnapshots), policy.PrepareTimeout));
        Assert.Equal(policy.PrepareTimeout, policy.Migration.PrepareTimeout);
    }

    [Fact]
    public void Of_two_with_one_name_the_uuid_tells()
    {
        var twin = Roomy with { Moves = [.. Roomy.Moves, Move(Roomy, "other") with { Domain = Domain("small", "a", 1) }] };
        var text = EvacuationPlanYaml.Write(twin);
        Assert.Contains($"after: [{Move(Roomy, "small").Domain.Uuid}]", text, StringComparison.Ordinal);
        Assert.Equal(Move(Roomy, "small").Domain.Uuid, Assert.Single(Move(EvacuationPlanYaml.Parse(text, "plan.yaml"), "big").After).Uuid);
    }

    [Fact]
    public void Who_is_not_in_the_plan_cannot_be_waited_for()
    {
        var text = EvacuationPlanYaml.Write(Roomy).Replace("after: [small]", "after: [smal]", StringComparison.Ordinal);
        var error = Assert.ThrowsAny<Exception>(() => EvacuationPlanYaml.Parse(text, "plan.yaml"));
        Assert.Matches("plan.yaml.*after: 'smal' matches none or several.*'small'", error.Message);
    }

    private static PlannedMove Move(EvacuationPlan plan, string name) => plan.Moves.First(move => move.Domain.Name == name);

    private static FleetHost Host(string name, int gibibytes) => new() { Name = name, Memory = new ByteSize((long)gibibytes << 30) };

    private static FleetDomain Domain(string name, string host, int gibibytes) =>
        new() { Uuid = Guid.NewGuid(), Name = name, Host = host, Memory = new ByteSize((long)gibibytes << 30), VCpus = 1 };
}
