using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM068: PCI and SCSI devices and mediated ones stay where they are, unless they are the transient half of a team.</summary>
internal sealed class NoHostDevices()
    : ReadinessCheck("LM068", "No PCI or SCSI device is passed through", CheckCategory.Devices, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#host-device-assignment")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Devices("hostdev")
        .Concat(facts.Devices("interface").Where(nic => (string?)nic.Attribute("type") is "hostdev"))
        .Where(device => (string?)device.Attribute("type") is not "usb" && (string?)device.Element("teaming")?.Attribute("type") is not "transient")
        .Select(device => Broken(
            $"A device of type {(string?)device.Attribute("type")} belongs to {facts.Source.Name}.", FixCommand.Detach(facts, device), Alias(device)));

    private static string? Alias(XElement device) => (string?)device.Element("alias")?.Attribute("name");
}
