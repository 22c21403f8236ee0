using LiveMigration.Errors;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Planning;

namespace LiveMigration.Evacuation;

/// <summary>What must hold of a plan, which a person may have edited, before it is carried out.</summary>
internal static class EvacuationPlanRules
{
    /// <param name="plan">The plan.</param>
    /// <param name="needed">The hosts that it cannot do without.</param>
    /// <param name="connected">Those that there are.</param>
    internal static void Check(EvacuationPlan plan, IEnumerable<string> needed, IReadOnlyList<string> connected)
    {
        var problems = string.Join(' ', Problems(plan, needed, connected));
        if (problems.Length > 0)
            throw new LiveMigrationException(Faults.InvalidEvacuation, $"The plan cannot be executed: {problems}");
    }

    private static IEnumerable<string> Problems(EvacuationPlan plan, IEnumerable<string> needed, IReadOnlyList<string> connected)
    {
        foreach (var twice in plan.Moves.GroupBy(move => move.Domain.Uuid).Where(group => group.Count() > 1))
            yield return $"'{twice.First().Domain}' moves twice.";
        foreach (var move in plan.Moves.Where(move => move.Source == move.Destination))
            yield return $"'{move.Domain}' has the same source and destination, {move.Source}.";
        foreach (var host in needed.Except(connected))
            yield return $"The host '{host}' is not connected. {NearNames.Ask(NearNames.Of(host, connected))}".TrimEnd();
        foreach (var problem in LinkRules.Problems(plan.Description.Links, plan.Description.Hosts, plan.Description.Domains.SelectMany(wishes => wishes.Storage).Concat(plan.Moves.SelectMany(move => move.Domain.Storage))))
            yield return problem;
        if (plan.Options is { MaxOutgoing: < 1 } or { MaxIncoming: < 1 })
            yield return "At least one migration at a time must be allowed.";
        if (plan.Policy is { Attempts: < 1 } or { Canary: < 0 } or { MaxFailures: < 1 })
            yield return "Attempts and MaxFailures must be 1 or more, Canary 0 or more.";
        if (plan.Policy.Compression is not (null or MigrationCompression.None or MigrationCompression.Xbzrle))
            yield return $"Compression must be None or Xbzrle, not {plan.Policy.Compression}.";
    }
}
