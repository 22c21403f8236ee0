using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Balancing;
using static LiveMigration.Tests.Evacuation.Balancing.LoadedFleets;

namespace LiveMigration.Tests.Evacuation.Balancing;

/// <summary>V8: what was not measured does not count as measured.</summary>
public sealed class MeasuredLoadTests
{
    private static readonly DomainStatus Booted = new(DomainState.Running, 1);
    private static readonly DomainCounters Counted = new(Guid.NewGuid(), "web", Booted, 2, 1 << 30, 9_000_000_000, 100, 100);

    [Fact]
    public void The_use_is_the_rise_and_one_that_was_not_here_all_the_time_is_known_as_such()
    {
        var whole = (Counted with { CpuTime = 11_000_000_000, Received = 300 }).Since(Counted, "a", 2);
        Assert.Equal((1.0, 100L, 0L, false), (whole.Cpu!.Value, whole.Received!.Value, whole.Sent!.Value, whole.IsPartial));
        // Started again: its counter began at 0.
        var again = (Counted with { CpuTime = 1_000_000_000 }).Since(Counted, "a", 2);
        Assert.Equal((0.5, true), (again.Cpu!.Value, again.IsPartial));
        Assert.True((Counted with { CpuTime = 1_000_000_000 }).Since(null, "a", 2).IsPartial);
        // What was not counted at the beginning would be the use of a whole life.
        Assert.Null(Counted.Since(Counted with { CpuTime = null }, "a", 2).Cpu);
    }

    [Fact]
    public void One_that_was_started_meanwhile_stays()
    {
        var fleet = Of([Host("a"), Host("b")], Domain("old", "a", 0), Domain("new", "a", 0), Domain("later", "a", 0));
        var loads = Loads(Load("a", [Used("old", 6), Used("new", 6) with { IsPartial = true }]), Load("b", []));
        var loaded = BalanceSurvey.Loaded(fleet, loads, new BalanceOptions(), []);
        Assert.Equal([null, "it was started or moved while the loads were measured", "it was started or moved while the loads were measured"], loaded.Domains.Select(domain => domain.Pinned));
        Assert.Equal([6, 6, 0], loaded.Domains.Select(domain => domain.Cpu!.Value));
        Assert.Equal("old", Assert.Single(BalancePlanner.Plan(loaded, new BalanceOptions()).Moves).Domain.Name);
    }

    [Fact]
    public void A_host_that_is_being_emptied_gets_nothing()
    {
        var fleet = Of([Host("a"), Host("b"), Host("c")], Domain("one", "a", 0), Domain("two", "a", 0));
        var loads = Loads(Load("a", [Used("one", 6), Used("two", 6)]), Load("b", []), Load("c", []));
        Assert.Equal("c", Assert.Single(BalancePlanner.Plan(BalanceSurvey.Loaded(fleet, loads, new BalanceOptions(), ["b"]), new BalanceOptions()).Moves).Destination);
    }

    [Fact]
    public void A_host_that_does_not_report_what_it_uses_itself_is_an_error_unless_CPU_is_left_out()
    {
        var fleet = Of([Host("a"), Host("b")], Domain("one", "a", 0));
        var loads = Loads(Load("a", [Used("one", 6)]), Load("b", []) with { HostCpu = null });
        Assert.Contains("'b' does not report how busy", Assert.Throws<LiveMigrationException>(() => BalanceSurvey.Loaded(fleet, loads, new BalanceOptions(), [])).Message, StringComparison.Ordinal);
        Assert.Null(BalanceSurvey.Loaded(fleet, loads, new BalanceOptions { CpuWeight = 0 }, []).Hosts[1].OwnCpu);
    }

    [Fact]
    public void One_machine_is_not_counted_twice()
    {
        var machine = Guid.NewGuid();
        FleetLoads.CheckDistinct([Load("a", []) with { Uuid = machine }, Load("b", []) with { Uuid = Guid.NewGuid() }, Load("c", []), Load("d", [])]);
        Assert.Equal(Faults.SameHost, Assert.Throws<LiveMigrationException>(() => FleetLoads.CheckDistinct([Load("a", []) with { Uuid = machine }, Load("b", []) with { Uuid = machine }])).Fault);
    }

    /// <summary>While the guest is copied the source runs, in post-copy the destination: 12 and 10 are libvirt's reasons for that.</summary>
    [Fact]
    public void One_that_is_migrated_is_where_it_arrives()
    {
        Assert.True(FleetSurvey.Arriving(new(DomainState.Paused, 2)) < FleetSurvey.Arriving(Booted));
        Assert.True(FleetSurvey.Arriving(new(DomainState.Running, 10)) < FleetSurvey.Arriving(new(DomainState.Paused, 12)));
    }

    private static FleetBalance Loads(params HostLoad[] hosts) => new() { Hosts = hosts, Duration = TimeSpan.FromSeconds(10) };

    private static HostLoad Load(string name, DomainLoad[] domains) => new() { HostName = name, Cpus = 16, HostCpu = domains.Sum(domain => domain.Cpu), Domains = domains };

    private static DomainLoad Used(string name, double cpu) => new() { Uuid = Domain(name, "a", 0).Uuid, Name = name, HostName = "a", Cpu = cpu };
}
