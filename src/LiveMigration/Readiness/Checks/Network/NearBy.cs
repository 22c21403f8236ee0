using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Network;

/// <summary>LM020: each word between the hosts travels that long; in post-copy, each page.</summary>
internal sealed class NearBy()
    : ReadinessCheck("LM020", "The network latency to the destination is low", CheckCategory.Network, CheckSeverity.Information)
{
    /// <summary>What post-copy still bears.</summary>
    private static readonly TimeSpan Far = TimeSpan.FromMilliseconds(20);

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var probes = facts.Fit.MigrationPorts.Value.Where(probe => probe.Answer is ProbeAnswer.Open or ProbeAnswer.Refused).ToArray();
        if (probes.Length == 0)
            return [Untold($"{facts.Destination.Name} does not answer on the migration ports: see LM015.")];
        var took = probes.Min(probe => probe.Took);
        var evidence = FormattableString.Invariant($"{probes[0].Host} answers this client in {took.TotalMilliseconds:0.0} ms.");
        return [took > Far ? Doubtful(evidence) : Pass(evidence)];
    }
}
