using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM097: with it the guest's clock can be set right after the journey.</summary>
internal sealed class AgentConnected()
    : ReadinessCheck("LM097", "The guest's agent answers", CheckCategory.Strategy, CheckSeverity.Information)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var agent = facts.Domain.LiveXml.Value.Descendants("channel").Elements("target").FirstOrDefault(target => (string?)target.Attribute("name") is "org.qemu.guest_agent.0");
        yield return (string?)agent?.Attribute("state") is "connected"
            ? Pass("It is connected: the guest's clock can be set after the journey.")
            : Doubtful(agent is null ? "The VM has no channel for one." : "It is not connected.");
    }
}
