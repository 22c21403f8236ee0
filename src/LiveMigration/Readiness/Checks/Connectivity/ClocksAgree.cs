using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM011: libvirt reckons the time on the network from both hosts' clocks.</summary>
internal sealed class ClocksAgree()
    : ReadinessCheck("LM011", "The hosts' clocks are synchronized", CheckCategory.Connectivity, CheckSeverity.Information)
{
    private static readonly TimeSpan Much = TimeSpan.FromSeconds(1);

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var apart = (facts.Source.Clock.Value - facts.Destination.Clock.Value).Duration();
        var evidence = FormattableString.Invariant($"The clocks are {apart.TotalSeconds:0.0} s apart.");
        yield return apart > Much ? Doubtful(evidence, FixCommand.On(facts.Destination.Host, $"chronyc makestep")) : Pass(evidence);
    }
}
