using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM069: the transient half is unplugged for the journey.</summary>
internal sealed class TeamComplete()
    : ReadinessCheck("LM069", "A transient network device has its persistent partner (teaming)", CheckCategory.Devices, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#teaming-a-virtio-hostdev-nic-pair")
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
                ? Pass($"The transient device is unplugged for the migration, and '{partner}' takes over.", partner)
                : Broken($"The persistent partner '{partner}' does not exist: the guest would have no network during the migration.", subject: partner);
        }
    }
}
