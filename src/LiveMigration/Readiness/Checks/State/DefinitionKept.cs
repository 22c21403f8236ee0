using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM037: a transient VM ends with its process.</summary>
internal sealed class DefinitionKept()
    : ReadinessCheck("LM037", "The VM has a definition to move or keep", CheckCategory.State, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var transient = !facts.State.Persistent;
        yield return (transient, facts.Demand.Offline, facts.Demand.KeepSource) switch
        {
            (true, true, _) => Broken("The VM is transient: there is no definition to move.", Fix(facts)),
            (true, _, true) => Broken("The VM is transient: there is no definition to keep on the source.", Fix(facts)),
            (true, _, _) => Pass("The VM is transient on both hosts."),
            _ => Pass("The VM is persistent on both hosts."),
        };
    }

    /// <summary>Defined as it runs, it is no longer transient.</summary>
    private static string Fix(ReadinessFacts facts) => FixCommand.Define(facts, "--migratable");
}
