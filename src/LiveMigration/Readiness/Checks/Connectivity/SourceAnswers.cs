using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM001: nothing can be asked of a source that is silent.</summary>
internal sealed class SourceAnswers()
    : ReadinessCheck("LM001", "The source is reachable", CheckCategory.Connectivity, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => [HostAnswer.Of(facts.Source)];
}
