using LiveMigration.Errors;
using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>A group of hosts with their loads → the fewest and cheapest moves that balance, pack or spread them. The same fleet gives the same plan.</summary>
public static class BalancePlanner
{
    /// <summary>Plans.</summary>
    /// <param name="fleet">The hosts and what is on them, with the CPU use of each VM; those in maintenance are left alone.</param>
    /// <param name="balance">The goal.</param>
    /// <param name="options">The limits of migrations.</param>
    /// <returns>A plan that is carried out like an evacuation.</returns>
    /// <exception cref="LiveMigrationException">The fleet or the request contradicts itself, or a load is not known that counts; the message names every problem.</exception>
    public static EvacuationPlan Plan(Fleet fleet, BalanceOptions balance, EvacuationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(balance);
        options ??= new EvacuationOptions();
        FleetRules.Check(fleet, [], options, "The group of hosts");
        if (string.Join(' ', Problems(fleet, balance)) is { Length: > 0 } problems)
            throw new LiveMigrationException(Faults.InvalidEvacuation, $"The group of hosts cannot be planned: {problems}");
        if (balance.CpuWeight == 0)
            fleet = fleet with { Domains = [.. fleet.Domains.Select(domain => domain with { Cpu = null })] };

        var links = new LinkMap(fleet.Links, fleet.Hosts, options);
        var group = Group();
        var before = group.Imbalance;
        if (balance.Goal is EvacuationGoal.Pack)
            PackSearch.Run(group);
        else
            BalanceSearch.Run(group);
        var sequence = LoadSequence.Shortest(group.Moves, Group, BalanceSearch.Target(balance));
        return Described(EvacuationPlanner.Schedule(sequence.Placed, links, options), sequence, before);

        LoadGroup Group() => new(fleet, balance, options, links);
    }

    private static EvacuationPlan Described(EvacuationPlan plan, LoadSequence sequence, double before)
    {
        var group = sequence.Group;
        var isBalance = group.Balance.Goal is EvacuationGoal.Balance;
        PlannedMove[] moves = [.. plan.Moves.Select(move => move with { Reason = sequence[move.Domain].Reason, Gain = isBalance ? sequence[move.Domain].Gain : null })];
        return plan with
        {
            Goal = group.Balance.Goal,
            Sources = moves.Select(move => move.Source).Distinct().ToArray(),
            Moves = moves,
            Emptied = group.Balance.Goal is EvacuationGoal.Pack ? group.Hosts.Where(host => host.Units.Count == 0 && moves.Any(move => move.Source == host.Host.Name)).Select(host => host.Host.Name).ToArray() : [],
            Unmovable = group.Units.Where(unit => unit.Stays is not null && Matters(group, unit)).SelectMany(Staying).ToArray(),
            Options = plan.Options with { Destinations = moves.Select(move => move.Destination).Distinct().ToArray() },
            Description = group.Fleet.Description,
            ImbalanceBefore = isBalance ? before : null,
            ImbalanceAfter = isBalance ? group.Imbalance : null,
        };
    }

    /// <summary>All of an affinity group stay, because of one of them or for a reason that they share.</summary>
    private static IEnumerable<UnmovableDomain> Staying(LoadUnit unit) => unit.Domains.Select(domain => unit.Stays! with
    {
        Domain = domain,
        Reason = unit.Stays.Domain.Pinned is null || domain == unit.Stays.Domain ? unit.Stays.Reason : domain.Pinned ?? $"it must stay together with '{unit.Stays.Domain}', which stays: {unit.Stays.Reason}",
    });

    /// <summary>Whether it would have been one to move: of those on hosts that have less than others nobody asks.</summary>
    private static bool Matters(LoadGroup group, LoadUnit unit) =>
        group.Balance.Goal is EvacuationGoal.Pack || Enumerable.Range(0, group.Resources).Any(resource => group.Weight(resource) > 0 && group.Hosts[unit.Home].Share(resource) > group.Mean(resource));

    private static IEnumerable<string> Problems(Fleet fleet, BalanceOptions balance)
    {
        if (balance.Goal is EvacuationGoal.Evacuate)
            yield return "The goal must be Balance, Pack or Spread.";
        if (balance.Threshold is not (> 0 and <= 1) || balance.Hysteresis is not (>= 0 and < 1))
            yield return "The threshold must be more than 0 and at most 1, and the hysteresis 0 or more and less than 1.";
        if (balance is { CpuWeight: < 0 } or { MemoryWeight: < 0 } || balance.CpuWeight + balance.MemoryWeight is not (> 0 and < double.PositiveInfinity))
            yield return "The weights must be 0 or more, and one of them more than 0.";
        if (balance is { MaxMoves: < 0 } or { Keep: < 0 } || balance.CpuOvercommit is <= 0 or double.NaN || balance.MaxCpu is not > 0 || balance.Payback.Value <= TimeSpan.Zero)
            yield return "Limits must be more than 0, and MaxMoves and Keep 0 or more.";
        var counted = fleet.Hosts.Where(host => !host.IsInMaintenance).ToDictionary(host => host.Name);
        if (counted.Count == 0)
            yield return "All hosts are in maintenance or being evacuated, or there are none.";
        if (balance is { CpuWeight: 0, CpuOvercommit: not null })
        {
            foreach (var host in counted.Values.Where(host => host.Cpus is null))
                yield return $"'{host}' does not report its CPUs, and the number of virtual CPUs is limited by them (CpuOvercommit).";
        }

        if (balance.CpuWeight == 0)
            yield break;
        // What is not known would count as nothing.
        foreach (var host in counted.Values.Where(host => host.Cpus is null))
            yield return $"'{host}' does not report its CPUs; with a CPU weight of 0, CPU is left out.";
        foreach (var host in fleet.Domains.Where(domain => domain.Cpu is null && counted.ContainsKey(domain.Host)).GroupBy(domain => domain.Host))
            yield return $"'{host.Key}' does not report how much CPU '{string.Join("', '", host.Take(3))}'{(host.Count() > 3 ? $" and {host.Count() - 3} more" : "")} use; with a CPU weight of 0, CPU is left out.";
    }
}
