using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM074: a path, a port or a device of the source.</summary>
internal sealed class CharacterDevicesThere()
    : ReadinessCheck("LM074", "Serial ports and channels do not depend on the source", CheckCategory.Devices, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#consoles-serial-parallel-channel-devices")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        string[] kinds = ["serial", "parallel", "channel"];
        // The first console is the first serial port once more.
        var consoles = facts.TargetDevices("console").Where(console => (string?)console.Element("target")?.Attribute("type") is not (null or "serial"));
        foreach (var device in kinds.SelectMany(facts.TargetDevices).Concat(consoles))
        {
            var (type, source) = ((string?)device.Attribute("type"), device.Element("source"));
            var path = (string?)source?.Attribute("path");
            var name = (string?)device.Element("target")?.Attribute("name") ?? device.Name.LocalName;
            if (type is "tcp" or "udp" && device.Elements("source").FirstOrDefault(one => (string?)one.Attribute("mode") is "bind") is { } bound)
                yield return Listens(facts, (string?)bound.Attribute("host") ?? "", (string?)bound.Attribute("service"), name);
            else if (type is "dev")
                yield return Broken($"The port uses the device {path} of {facts.Source.Name}.", subject: name);
            else if (type is "file" or "pipe" or "unix" && path is not null && !path.StartsWith("/var/lib/libvirt/", StringComparison.Ordinal))
                yield return Broken($"The port uses {path} on {facts.Source.Name}.", subject: name);
        }
    }

    private static Outcome Listens(ReadinessFacts facts, string address, string? port, string name) => GraphicsListenAnywhere.Everywhere.Contains(address)
        ? Pass($"The port listens on {address}:{port}, which exists on every host.", name)
        : GraphicsListenAnywhere.Has(facts, address)
        ? Pass($"The port listens on {address}:{port}, and {facts.Destination.Name} has this address.", name)
        : Broken(
            $"The port listens on {address}:{port}, which may be an address of {facts.Source.Name} only. Another address takes effect the next time the VM starts.",
            FixCommand.Redefine(facts, $"/mode='bind'/s/host='{address}'/host='0.0.0.0'/"), name);
}
