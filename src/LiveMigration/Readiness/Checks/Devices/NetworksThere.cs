using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>
/// LM075: a network by its name, down to the device that it stands on, which libvirt does not look for when it starts one; a bridge, a
/// switch or an interface by its name and kind.
/// </summary>
internal sealed class NetworksThere()
    : ReadinessCheck("LM075", "The destination has the VM's networks", CheckCategory.Devices, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#network-interfaces")
{
    /// <summary>Until then libvirt refuses VLANs on a bridge of Linux.</summary>
    private static readonly Version TagsOnBridges = new(11, 0, 0);

    internal override Fault Fault => Faults.NetworkMissing;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.TargetDevices("interface")
        .SelectMany(nic => Judge(facts, nic))
        .Distinct();

    private static IEnumerable<Outcome> Judge(ReadinessFacts facts, XElement nic)
    {
        var (type, source) = ((string?)nic.Attribute("type"), nic.Element("source"));
        var isTagged = nic.Element("vlan") is not null;
        if ((string?)source?.Attribute("network") is { } network)
            return Network(facts, network, (string?)source.Attribute("portgroup"), isTagged);
        if ((string?)source?.Attribute("bridge") is { } bridge)
            return Bridge(facts, bridge, IsSwitch(nic), isTagged);
        return type is not "vdpa" && (string?)source?.Attribute("dev") is { } device ? [Device(facts, device)] : [];
    }

    private static IEnumerable<Outcome> Network(ReadinessFacts facts, string name, string? group, bool isTagged)
    {
        var host = facts.Destination;
        if (host.Networks.Value.FirstOrDefault(network => network.Name == name) is not { } known)
        {
            yield return Broken(
                $"{host.Name} has no network '{name}'. Existing networks: {string.Join(", ", host.Networks.Value.Select(network => network.Name))}.",
                FixCommand.Start(facts, $"-NetworkMap @{{ {FixCommand.Literal(name)} = {FixCommand.Literal(host.Networks.Value.Select(network => network.Name).Append("OTHER").First())} }}"), name);
            yield break;
        }

        if (!known.Active)
        {
            yield return Broken($"Network '{name}' is not active on {host.Name}.", new HostRepair(RepairKind.StartNetwork, host.Host, name), name);
            yield break;
        }

        var xml = XElement.Parse(known.Xml);
        var portgroup = xml.Elements("portgroup").FirstOrDefault(one => (string?)one.Attribute("name") == group);
        yield return group is not null && portgroup is null
            ? Broken($"Network '{name}' on {host.Name} has no portgroup '{group}': libvirt would give the interface the network's own settings. 'virsh net-update {name} add portgroup' adds one.", subject: name)
            : Pass($"Network '{name}' is active on {host.Name}{(group is null ? "" : $" and has the portgroup '{group}'")}.", name);
        foreach (var outcome in Below(facts, name, xml, isTagged || (portgroup ?? xml).Element("vlan") is not null || xml.Element("vlan") is not null))
            yield return outcome;
    }

    /// <summary>What a network stands on: libvirt makes the bridge of one that it routes, and expects that of others.</summary>
    private static IEnumerable<Outcome> Below(ReadinessFacts facts, string name, XElement network, bool isTagged)
    {
        var (host, forward) = (facts.Destination.Name, network.Element("forward"));
        var mode = (string?)forward?.Attribute("mode") ?? (forward is null ? "" : "nat");
        if (mode is "bridge" && (string?)network.Element("bridge")?.Attribute("name") is { } bridge)
            return Bridge(facts, bridge, IsSwitch(network), isTagged).Where(outcome => outcome.Kind is not OutcomeKind.Holds).Select(outcome => outcome with { Subject = name, Evidence = $"Network '{name}' stands on {bridge}. {outcome.Evidence}" });
        string[] devices = [.. forward?.Elements("interface").Concat(forward.Elements("pf")).Attributes("dev").Select(dev => dev.Value).Append((string?)forward.Attribute("dev") ?? "").Where(dev => dev.Length > 0).Distinct() ?? []];
        if (devices.Length == 0)
            return [];
        var known = Names(facts);
        var absent = devices.Where(device => !known.Contains(device)).ToArray();
        return (mode, absent.Length) switch
        {
            (_, 0) => [Pass($"{host} has {string.Join(", ", devices)}, which network '{name}' uses.", name)],
            ("bridge" or "private" or "vepa" or "passthrough" or "hostdev", var count) when count == devices.Length =>
                [Broken($"Network '{name}' on {host} uses {string.Join(", ", absent)}, which {host} does not have. Existing interfaces: {string.Join(", ", known)}.", subject: name)],
            _ => [Doubtful($"Network '{name}' on {host} uses {string.Join(", ", absent)}, which {host} does not have.", subject: name)],
        };
    }

    private static bool IsSwitch(XElement port) => (string?)port.Element("virtualport")?.Attribute("type") is "openvswitch";

    /// <summary>The bridge of an active network that libvirt routes is there, whether or not the host lists its interfaces.</summary>
    private static IEnumerable<Outcome> Bridge(ReadinessFacts facts, string name, bool isSwitch, bool isTagged)
    {
        var host = facts.Destination;
        if (!isSwitch && host.Networks is { IsHad: true, Value: var networks } && networks.Any(network => network.Active && Owns(network, name)))
            return [Pass($"{name} is the bridge of an active network on {host.Name}.", name)];
        var device = Find(facts, name);
        if (device is null && !Names(facts).Contains(name))
        {
            var (kind, script) = isSwitch
                ? ("bridge of Open vSwitch", (FormattableString)$"ovs-vsctl add-br {name}")
                : ("interface", $"ip link add {name} type bridge; ip link set {name} up");
            return [Broken($"{host.Name} has no {kind} {name}. Existing interfaces: {string.Join(", ", Names(facts))}. A new bridge needs an uplink, too.", FixCommand.On(host.Host, script), name)];
        }

        if (isSwitch)
        {
            return [device is { IsBridge: true }
                ? Broken($"{name} on {host.Name} is a bridge of Linux, and the VM's port is one of Open vSwitch.", subject: name)
                : Pass($"{host.Name} has {name}{(device is { IsSwitch: true } ? ", a bridge of Open vSwitch" : "")}.", name)];
        }

        if (device is { IsBridge: false })
            return [Broken($"{name} on {host.Name} is {(device.IsSwitch ? "a bridge of Open vSwitch, and the VM's port is one of a bridge of Linux" : "not a bridge")}.", subject: name)];
        return isTagged ? [Tagged(facts, name, device)] : [Pass($"{host.Name} has {name}.", name)];
    }

    private static Outcome Tagged(ReadinessFacts facts, string name, NetworkDevice? device)
    {
        var host = facts.Destination;
        var libvirt = host.Info.Value.LibvirtVersion;
        return libvirt < TagsOnBridges
            ? Broken($"The VM's port has VLAN tags, which libvirt supports on a bridge of Linux since {TagsOnBridges}; {host.Name} has {libvirt}.", subject: name)
            : device is { FiltersVlans: false }
                ? Broken($"The VM's port has VLAN tags, and {name} on {host.Name} does not filter VLANs.", FixCommand.On(host.Host, $"ip link set {name} type bridge vlan_filtering 1"), name)
                : Pass($"{host.Name} has {name}{(device is { FiltersVlans: true } ? ", which filters VLANs" : "")}.", name);
    }

    /// <summary>A macvtap stands on an interface, and none is made by a command.</summary>
    private static Outcome Device(ReadinessFacts facts, string name) => Names(facts) is var known && known.Contains(name)
        ? Pass($"{facts.Destination.Name} has {name}.", name)
        : Broken(
            $"{facts.Destination.Name} has no interface {name}. Existing interfaces: {string.Join(", ", known)}.",
            FixCommand.Start(facts, $"-NetworkMap @{{ {FixCommand.Literal(name)} = {FixCommand.Literal(known.FirstOrDefault(other => other is not "lo") ?? "OTHER")} }}"), name);

    private static bool Owns(NetworkState network, string bridge)
    {
        var xml = XElement.Parse(network.Xml);
        return (string?)xml.Element("bridge")?.Attribute("name") == bridge && (string?)xml.Element("forward")?.Attribute("mode") is not "bridge";
    }

    private static NetworkDevice? Find(ReadinessFacts facts, string name) =>
        facts.Destination.Machine is { IsHad: true, Value.Devices: { } devices } ? devices.FirstOrDefault(device => device.Name == name) : null;

    /// <summary>The kernel's list where it was seen, else libvirt's.</summary>
    private static IReadOnlyList<string> Names(ReadinessFacts facts) =>
        facts.Destination.Machine is { IsHad: true, Value.Devices: { } devices } ? [.. devices.Select(device => device.Name)] : facts.Destination.Interfaces.Value;
}
