namespace LiveMigration.Readiness;

/// <summary>Facts → findings. Pure: the same facts give the same findings.</summary>
internal static class ReadinessJudgement
{
    internal static IReadOnlyList<ReadinessFinding> Judge(
        ReadinessFacts facts, ReadinessSelection selection, ReadinessPolicy policy, DateOnly today) =>
        ReadinessChecks.All
            .Where(selection.Wants)
            .SelectMany(check => check.Run(facts, policy.SeverityOf(check.Id)))
            .Select(finding => policy.Apply(finding, facts.Name, facts.Destination.Name, today))
            .ToArray();
}
