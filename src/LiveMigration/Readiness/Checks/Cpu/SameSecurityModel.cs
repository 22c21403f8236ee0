using System.Xml.Linq;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM066: a VM labelled for one model may not be started under another.</summary>
internal sealed class SameSecurityModel()
    : ReadinessCheck("LM066", "Both hosts have the same security model", CheckCategory.Cpu, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (here, there) = (Models(facts.Source), Models(facts.Destination));
        yield return here == there
            ? Pass($"{here}.")
            : Broken($"{facts.Source.Name} has {here}, {facts.Destination.Name} has {there}.");
    }

    private static string Models(HostSnapshot host) =>
        string.Join(", ", host.Capabilities.Value.Elements("host").Elements("secmodel").Elements("model").Select(model => model.Value).Order());
}
