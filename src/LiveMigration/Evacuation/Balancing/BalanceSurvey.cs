using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>
/// hosts → a plan that balances, packs or spreads them. Only what the plan would move is checked for readiness, and only against the host where it would
/// go: what is refused is planned again without it.
/// </summary>
public static class BalanceSurvey
{
    /// <summary>After so many plans the VMs that have not been checked stay where they are.</summary>
    private const int Rounds = 12;

    /// <summary>Measures, plans and checks. Nothing is changed.</summary>
    /// <param name="hosts">The group of hosts.</param>
    /// <param name="balance">The goal.</param>
    /// <param name="options">The limits of migrations.</param>
    /// <param name="policy">How the VMs are to migrate, and which checks do not matter.</param>
    /// <param name="description">Links, limits and wishes.</param>
    /// <param name="duration">For how long loads are measured.</param>
    /// <param name="measure">For how long to measure the dirty rates of the VMs that would move; null measures none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">A host does not answer, or does not report what counts.</exception>
    public static async Task<(EvacuationPlan Plan, Fleet Fleet)> PlanAsync(
        IReadOnlyList<LibvirtHost> hosts, BalanceOptions balance, EvacuationOptions options, EvacuationPolicy policy, FleetDescription description, Duration duration, Duration? measure, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(description);
        var (loads, errors) = await FleetLoads.ReadAsync(hosts, duration, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (errors.Values.FirstOrDefault() is { } error)
            throw error;
        var (facts, domains) = await FleetSurvey.LookAsync(hosts, cancellationToken).ConfigureAwait(false);
        var emptying = hosts.Count > 0 ? new HostEvacuations(hosts[0].State).Emptying() : [];
        var fleet = description.Complete(Loaded(facts, loads, balance, emptying));
        var asked = new HashSet<(Guid, string)>();
        for (var round = 0; ; round++)
        {
            var plan = BalancePlanner.Plan(fleet, balance, options) with { Policy = policy };
            PlannedMove[] open = [.. plan.Moves.Where(move => !asked.Contains((move.Domain.Uuid, move.Destination)))];
            if (open.Length == 0)
                return (plan, fleet);
            if (round >= Rounds)
            {
                // What was not looked at does not count as good.
                var late = open.Select(move => move.Domain.Uuid).ToHashSet();
                fleet = fleet with { Domains = [.. fleet.Domains.Select(domain => late.Contains(domain.Uuid) ? domain with { Pinned = domain.Pinned ?? "its readiness was not checked, because too many others were refused" } : domain)] };
                continue;
            }

            var answers = await FleetSurvey.AskAsync(
                [.. open.Select(move => (domains[move.Domain.Uuid], hosts.First(host => host.Name == move.Destination)))], policy, measure, fleet.Domains.Where(domain => domain.DirtyRate is not null).Select(domain => domain.Uuid).ToHashSet(), cancellationToken).ConfigureAwait(false);
            asked.UnionWith(open.Select(move => (move.Domain.Uuid, move.Destination)));
            fleet = fleet with { Domains = [.. fleet.Domains.Select(domain => answers.TryGetValue(domain.Uuid, out var answer) ? With(domain, answer) : domain)] };
        }
    }

    /// <summary>The hosts and VMs with their loads. A host that is being evacuated is left alone like one in maintenance.</summary>
    internal static Fleet Loaded(Fleet facts, FleetBalance loads, BalanceOptions balance, IReadOnlyCollection<string> emptying)
    {
        // What the host itself uses would count as nothing.
        if (balance.CpuWeight > 0 && loads.Hosts.FirstOrDefault(host => host is { HostCpu: null, Cpus: not null, IsInMaintenance: false }) is { } unknown)
            throw new LiveMigrationException(Faults.InvalidEvacuation, $"The group of hosts cannot be planned: '{unknown}' does not report how busy its CPUs are; with a CPU weight of 0, CPU is left out.", unknown.HostName);
        var hosts = loads.Hosts.ToDictionary(host => host.HostName);
        var domains = loads.Hosts.SelectMany(host => host.Domains).ToDictionary(domain => domain.Uuid);
        return facts with
        {
            Hosts = [.. facts.Hosts.Select(host => hosts[host.Name] is var load ? host with
            {
                Cpus = load.Cpus,
                OwnCpu = load.HostCpu is { } busy && load.Cpu is { } guests ? Math.Max(0, busy - guests) : null,
                IsInMaintenance = host.IsInMaintenance || emptying.Contains(host.Name),
            } : host)],
            // One that was started or has moved since is not known well enough to be moved.
            Domains = [.. facts.Domains.Select(domain => domains.TryGetValue(domain.Uuid, out var load) && load is { IsPartial: false } && load.HostName == domain.Host
                ? domain with { Cpu = load.Cpu }
                : domain with { Cpu = load is null ? 0 : load.Cpu, Pinned = domain.Pinned ?? "it was started or moved while the loads were measured" })],
        };
    }

    private static FleetDomain With(FleetDomain domain, FleetDomain answer) => domain with
    {
        Pinned = domain.Pinned ?? answer.Pinned,
        DirtyRate = answer.DirtyRate ?? domain.DirtyRate,
        Disks = Math.Max(domain.Disks, answer.Disks),
        Refusals = answer.Refusals.Count == 0 ? domain.Refusals : domain.Refusals.Concat(answer.Refusals).DistinctBy(refusal => refusal.Key).ToDictionary(),
    };
}
