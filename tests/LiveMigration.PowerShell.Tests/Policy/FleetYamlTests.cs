using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Yaml;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Tests.Policy;

/// <summary>V1, V5: links, limits and wishes are a file that a person writes.</summary>
public sealed class FleetYamlTests
{
    private const string Text = """
        links:
          - { link: rack1, bandwidth: 10Gbit/s, maxMigrations: 4 }
          - { link: site, bandwidth: 500MiB/s }
          - { link: nas, bandwidth: 300MiB/s }
        hosts:
          - { host: kvm*, reserved: 8GiB, vcpus: 64, links: [rack1, site], storage: nas, maxOutgoing: 2, maxIncoming: 3 }
        vms:
          - { vm: db*, apart: db, priority: 10 }
          - { vm: app, together: shop, storage: [nas] }
          - { vm: router, stays: the site hangs on it }
        """;

    [Fact]
    public void All_that_can_be_said_is_read()
    {
        var fleet = FleetYaml.Parse(Text, "fleet.yaml");
        Assert.Equal(["rack1 10000000000 4", "site 4194304000 ", "nas 2516582400 "], fleet.Links.Select(link => $"{link} {link.Bandwidth.BytesPerSecond * 8} {link.MaxMigrations}"));
        var host = Assert.Single(fleet.Hosts);
        Assert.Equal(("kvm*", "8 GiB", 64, "nas", 2, 3), (host.Name, $"{host.ReservedMemory}", host.VCpus, host.Storage, host.MaxOutgoing, host.MaxIncoming));
        Assert.Equal(["rack1", "site"], host.Links);
        Assert.Equal(["db* db  10 ", "app  shop  ", "router    the site hangs on it"], fleet.Domains.Select(wishes => $"{wishes.Name} {wishes.AntiAffinityGroup} {wishes.AffinityGroup} {wishes.Priority} {wishes.Pinned}"));
        Assert.Equal(["nas"], fleet.Domains[1].Storage);
    }

    [Fact]
    public void A_plan_holds_it_in_the_same_words()
    {
        var plan = new EvacuationPlan
        {
            Sources = ["a"],
            Moves = [new PlannedMove
            {
                Domain = new FleetDomain { Uuid = Guid.NewGuid(), Name = "app", Host = "a", Memory = new ByteSize(1 << 30), Storage = ["nas"], Priority = 7 },
                Destination = "b", Wave = 1, Start = default, Time = default, Bytes = default, Alone = false, Converges = true,
            }],
            Unmovable = [], Makespan = default, LowerBound = default, Description = FleetYaml.Parse(Text, "fleet.yaml"),
        };
        var text = EvacuationPlanYaml.Write(plan);
        Assert.Contains("{host: kvm*, reserved: 8GiB, vcpus: 64, links: [rack1, site], storage: nas, maxOutgoing: 2, maxIncoming: 3}", text, StringComparison.Ordinal);
        var read = EvacuationPlanYaml.Parse(text, "plan.yaml");
        Assert.Equal((7, "nas"), (read.Moves[0].Domain.Priority, Assert.Single(read.Moves[0].Domain.Storage)));
        Assert.Equal(text, EvacuationPlanYaml.Write(read));
    }

    [Fact]
    public void The_example_in_the_help_can_be_used()
    {
        var help = File.ReadAllText(Module.Source("docs", "about_LiveMigration_Fleets.md"));
        var example = help.Split("```yaml\n")[1].Split("```")[0];
        Assert.Equal(4, FleetYaml.Parse(example, "fleet.yaml").Hosts.Count);
    }

    [Theory]
    [InlineData("links: [rack1, site]", "links: [rack1, sit]", "fleet.yaml:6:.*links: 'sit' matches none or several.*'site'")]
    [InlineData("storage: nas", "storage: nass", "fleet.yaml:6:.*storage: 'nass' matches none or several.*'nas'")]
    [InlineData("apart: db", "appart: db", "fleet.yaml:8:.*'appart' is not a known setting here. Did you mean 'apart'?")]
    [InlineData("bandwidth: 500MiB/s", "bandwidth: quick", "fleet.yaml:3:.*bandwidth: expected a bandwidth such as")]
    [InlineData("host: kvm*, ", "", "fleet.yaml:6:.*'host' is missing")]
    [InlineData("maxMigrations: 4", "maxMigrations: 0", "fleet.yaml:2:.*maxMigrations: expected an integer of 1 or more, not '0'")]
    [InlineData("links:\n", "linkz:\n", "fleet.yaml:1:.*'linkz' is not a known setting here. Did you mean 'links'?")]
    public void What_is_wrong_is_told_with_its_place(string right, string wrong, string error)
    {
        var text = Text.ReplaceLineEndings("\n").Replace(right, wrong, StringComparison.Ordinal);
        Assert.Matches(error, Assert.ThrowsAny<Exception>(() => FleetYaml.Parse(text, "fleet.yaml")).Message.ReplaceLineEndings(" "));
    }
}
