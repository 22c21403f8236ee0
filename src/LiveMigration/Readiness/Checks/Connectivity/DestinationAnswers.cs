using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM002: nothing can go to a destination that is silent.</summary>
internal sealed class DestinationAnswers()
    : ReadinessCheck("LM002", "The destination is reachable", CheckCategory.Connectivity, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => [HostAnswer.Of(facts.Destination)];
}
