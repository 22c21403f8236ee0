using Google.OrTools.LinearSolver;
using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Benchmarks.Balancing;

/// <summary>
/// No plan reaches an imbalance with fewer moves than this: the linear program in which VMs may be moved in parts, what has left may arrive in any
/// portions, and memory is not limited. A standard deviation is never below the mean distance from the mean, which is linear.
/// </summary>
internal static class MovesBound
{
    internal static double? Of(Fleet fleet, double imbalance)
    {
        using var solver = Solver.CreateSolver("GLOP");
        var hosts = fleet.Hosts.Count;
        var on = fleet.Domains.ToLookup(domain => domain.Host);
        var objective = solver.Objective();
        var distance = solver.MakeConstraint(double.NegativeInfinity, imbalance * 2 * hosts);
        double[] totals = [fleet.Domains.Sum(domain => Amount(domain, 0)), fleet.Domains.Sum(domain => Amount(domain, 1))];
        Constraint[] flows = [solver.MakeConstraint(0, 0), solver.MakeConstraint(0, 0)];
        foreach (var host in fleet.Hosts)
        {
            FleetDomain[] domains = [.. on[host.Name]];
            Variable[] leaves = [.. domains.Select(domain => solver.MakeNumVar(0, 1, ""))];
            foreach (var leaving in leaves)
                objective.SetCoefficient(leaving, 1);
            for (var resource = 0; resource < 2; resource++)
            {
                var mean = totals[resource] / hosts;
                var share = domains.Sum(domain => Amount(domain, resource));
                var arrives = solver.MakeNumVar(0, double.PositiveInfinity, "");
                var away = solver.MakeNumVar(0, double.PositiveInfinity, "");
                // away ≥ share − left + arrived − mean, and away ≥ mean − that.
                var above = solver.MakeConstraint(double.NegativeInfinity, mean - share);
                var below = solver.MakeConstraint(double.NegativeInfinity, share - mean);
                (Constraint, int)[] sides = [(above, 1), (below, -1)];
                foreach (var (side, sign) in sides)
                {
                    side.SetCoefficient(arrives, sign);
                    side.SetCoefficient(away, -1);
                    for (var number = 0; number < domains.Length; number++)
                        side.SetCoefficient(leaves[number], -sign * Amount(domains[number], resource));
                }

                distance.SetCoefficient(away, 1);
                flows[resource].SetCoefficient(arrives, 1);
                for (var number = 0; number < domains.Length; number++)
                    flows[resource].SetCoefficient(leaves[number], -Amount(domains[number], resource));
            }
        }

        objective.SetMinimization();
        return solver.Solve() is Solver.ResultStatus.OPTIMAL ? objective.Value() : null;
    }

    private static double Amount(FleetDomain domain, int resource) => resource == 0 ? domain.Cpu!.Value / SkewedFleet.Cpus : (double)domain.Memory / SkewedFleet.Memory;
}
