using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Strategy;

/// <summary>LM097: with it the guest's clock can be set right after the journey.</summary>
internal sealed class AgentConnected()
    : ReadinessCheck("LM097", "The guest agent is connected", CheckCategory.Strategy, CheckSeverity.Information)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var agent = facts.Domain.LiveXml.Value.Descendants("channel").Elements("target").FirstOrDefault(target => (string?)target.Attribute("name") is "org.qemu.guest_agent.0");
        yield return (string?)agent?.Attribute("state") is "connected"
            ? Pass("The guest agent is connected: the guest's clock can be set after the migration.")
            : Doubtful(agent is null ? "The VM has no channel for a guest agent." : "The guest agent is not connected.");
    }
}
