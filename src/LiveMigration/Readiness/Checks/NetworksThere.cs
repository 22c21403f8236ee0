using System.Xml.Linq;
using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM075: a network by its name, a bridge or an interface by its.</summary>
internal sealed class NetworksThere()
    : ReadinessCheck("LM075", "The destination has the VM's networks", CheckCategory.Devices, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#network-interfaces")
{
    internal override Fault Fault => Faults.NetworkMissing;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.TargetDevices("interface")
        .Select(nic => nic.Element("source")).OfType<XElement>()
        .Select(source => ((string?)source.Attribute("network"), (string?)source.Attribute("portgroup") ?? (string?)source.Attribute("bridge") ?? (string?)source.Attribute("dev")))
        .Distinct()
        .Select(source => source switch
        {
            ({ } network, var group) => Network(facts, network, group),
            (_, { } bridge) => Interface(facts, bridge),
            _ => null,
        })
        .OfType<Outcome>();

    private static Outcome Network(ReadinessFacts facts, string name, string? group)
    {
        var host = facts.Destination;
        return host.Networks.Value.FirstOrDefault(network => network.Name == name) switch
        {
            null => Broken(
                $"{host.Name} has no network '{name}'. Existing networks: {string.Join(", ", host.Networks.Value.Select(network => network.Name))}.",
                FixCommand.Start(facts, $"-NetworkMap @{{ {FixCommand.Literal(name)} = {FixCommand.Literal(host.Networks.Value.Select(network => network.Name).Append("OTHER").First())} }}"), name),
            { Active: false } => Broken($"Network '{name}' is not active on {host.Name}.", new HostRepair(RepairKind.StartNetwork, host.Host, name), name),
            { } network when group is not null && XElement.Parse(network.Xml).Elements("portgroup").All(one => (string?)one.Attribute("name") != group) => Broken(
                $"Network '{name}' on {host.Name} has no portgroup '{group}': libvirt would give the interface the network's own settings. 'virsh net-update {name} add portgroup' adds one.", subject: name),
            _ => Pass($"Network '{name}' is active on {host.Name}{(group is null ? "" : $" and has the portgroup '{group}'")}.", name),
        };
    }

    /// <summary>The bridge of an active network is there, whether or not the host lists its interfaces.</summary>
    private static Outcome Interface(ReadinessFacts facts, string name)
    {
        var host = facts.Destination;
        if (host.Networks is { IsHad: true, Value: var networks }
            && networks.Any(network => network.Active && (string?)XElement.Parse(network.Xml).Element("bridge")?.Attribute("name") == name))
            return Pass($"{name} is the bridge of an active network on {host.Name}.", name);
        return host.Interfaces.Value.Contains(name)
            ? Pass($"{host.Name} has {name}.", name)
            : Broken($"{host.Name} has no interface {name}. Existing interfaces: {string.Join(", ", host.Interfaces.Value)}.", FixCommand.On(host.Host, $"ip link add {name} type bridge; ip link set {name} up"), name);
    }
}
