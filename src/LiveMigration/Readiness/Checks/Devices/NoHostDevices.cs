using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>
/// LM068: PCI and SCSI devices and mediated ones stay where they are, unless they are the transient half of a team. Since some versions
/// libvirt leaves it to QEMU whether a PCI device can move, and QEMU to the device's driver.
/// </summary>
internal sealed class NoHostDevices()
    : ReadinessCheck("LM068", "No PCI or SCSI device is passed through", CheckCategory.Devices, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#host-device-assignment")
{
    private static readonly Version QemuIsAsked = new(9, 0, 0);
    private static readonly Version TellsReasons = new(6, 0, 0);

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var passed = facts.Devices("hostdev").Where(device => (string?)device.Attribute("type") is not "usb")
            .Concat(facts.Devices("interface").Where(nic => (string?)nic.Attribute("type") is "hostdev" || IsOfPool(facts, nic)))
            .Where(device => (string?)device.Element("teaming")?.Attribute("type") is not "transient").ToArray();
        return passed.Select(device => (string?)device.Attribute("type") is "scsi" or "scsi_host" ? Stays(facts, device) : MayMove(facts, device));
    }

    private static Outcome MayMove(ReadinessFacts facts, XElement device)
    {
        var source = facts.Source.Info.Value;
        if (source.LibvirtVersion < QemuIsAsked || source.HypervisorVersion < TellsReasons)
            return Stays(facts, device);
        return facts.Domain.Monitor switch
        {
            { IsHad: true, Value.BlockedReasons.Count: 0 } => Doubtful($"QEMU can migrate {Kind(device)}; {facts.Destination.Name} needs the same device for the VM.", subject: Alias(device)),
            { IsHad: true } => Stays(facts, device),
            _ => Untold($"Whether {Kind(device)} can be migrated, its driver decides, and most cannot: -AllowMonitor asks QEMU.", Alias(device)),
        };
    }

    private static Outcome Stays(ReadinessFacts facts, XElement device) =>
        Broken($"{char.ToUpperInvariant(Kind(device)[0])}{Kind(device)[1..]} belongs to {facts.Source.Name}.", FixCommand.Detach(facts, device), Alias(device));

    private static string Kind(XElement device) => $"a device of type {(string?)device.Attribute("type")}";

    /// <summary>A network of virtual functions gives each VM one of a physical device.</summary>
    private static bool IsOfPool(ReadinessFacts facts, XElement nic) => (string?)nic.Element("source")?.Attribute("network") is { } name
        && facts.Source.Networks is { IsHad: true, Value: var networks }
        && networks.FirstOrDefault(network => network.Name == name) is { } known
        && (string?)XElement.Parse(known.Xml).Element("forward")?.Attribute("mode") is "hostdev";

    private static string? Alias(XElement device) => (string?)device.Element("alias")?.Attribute("name");
}
