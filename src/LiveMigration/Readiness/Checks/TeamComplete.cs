using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM069: the transient half is unplugged for the journey.</summary>
internal sealed class TeamComplete()
    : ReadinessCheck("LM069", "A team of network cards has its persistent half", CheckCategory.Devices, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#teaming-a-virtio-hostdev-nic-pair")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var persistent = facts.Devices("interface")
            .Where(nic => (string?)nic.Element("teaming")?.Attribute("type") is "persistent")
            .Select(nic => (string?)nic.Element("alias")?.Attribute("name")).ToHashSet();
        foreach (var teaming in facts.Devices("interface").Concat(facts.Devices("hostdev")).Elements("teaming").Where(one => (string?)one.Attribute("type") is "transient"))
        {
            var partner = (string?)teaming.Attribute("persistent");
            yield return persistent.Contains(partner)
                ? Pass($"It is unplugged for the journey, and '{partner}' carries on.", partner)
                : Broken($"Its partner '{partner}' is not there: the guest would be without a network on the way.", subject: partner);
        }
    }
}
