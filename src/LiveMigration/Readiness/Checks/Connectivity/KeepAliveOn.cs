using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM012: without keep-alive a dead peer is waited for without end.</summary>
internal sealed class KeepAliveOn()
    : ReadinessCheck("LM012", "Keep-alive detects an unreachable host", CheckCategory.Connectivity, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) =>
        new[] { facts.Source, facts.Destination }.Select(host => host.KeepAlive.Value
            ? Pass($"{host.Name} answers keep-alive messages.", host.Name)
            : Broken($"{host.Name} does not support keep-alive messages.", subject: host.Name));
}
