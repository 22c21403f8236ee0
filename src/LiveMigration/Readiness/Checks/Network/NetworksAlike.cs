using System.Xml.Linq;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Network;

/// <summary>LM019: a network of the same name may be another one: routed otherwise, on another VLAN, with smaller packets.</summary>
internal sealed class NetworksAlike()
    : ReadinessCheck("LM019", "The VM's networks are the same on both hosts", CheckCategory.Network, CheckSeverity.Warning, "https://libvirt.org/formatnetwork.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.TargetDevices("interface")
        .Select(nic => (string?)nic.Element("source")?.Attribute("network")).OfType<string>().Distinct()
        .Select(name => (Name: name, Here: Find(facts.Source, name), There: Find(facts.Destination, name)))
        .Where(network => network is { Here: not null, There: not null })
        .Select(network => Judge(facts, network.Name, network.Here!, network.There!));

    private static Outcome Judge(ReadinessFacts facts, string name, XElement here, XElement there)
    {
        var differences = Traits(here).Zip(Traits(there))
            .Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => $"{pair.First.What} is {pair.First.Value} on {facts.Source.Name} and {pair.Second.Value} on {facts.Destination.Name}").ToArray();
        if (differences.Length > 0)
            return Broken($"Its {string.Join(", its ", differences)}. Recreating it disconnects the VMs there that use it.", Copy(facts, name), name);
        return (string?)here.Element("forward")?.Attribute("mode") is "nat" or null && here.Element("ip") is not null
            ? Doubtful($"Each host has a separate network '{name}': the guest's connections are cut.", subject: name)
            : Pass("Mode, VLAN, port type and MTU are the same.", name);
    }

    /// <summary>libvirt does not change an existing network: it is recreated, and VMs that use it lose their link.</summary>
    private static string Copy(ReadinessFacts facts, string name)
    {
        var host = facts.Destination.Host;
        string[] without = ["net-destroy", "net-undefine"];
        var commands = without.Select(word => FixCommand.Virsh(host, word, name))
            .Append(FixCommand.Copy(facts, "net-dumpxml", "net-define", name))
            .Append(FixCommand.Virsh(host, "net-start", name));
        if (facts.Destination.Networks.Value.Any(network => network.Name == name && network.Autostart))
            commands = commands.Append(FixCommand.Virsh(host, "net-autostart", name));
        return string.Join("; ", commands);
    }

    private static XElement? Find(HostSnapshot host, string name) =>
        host.Networks.Value.FirstOrDefault(network => network.Name == name) is { } network ? XElement.Parse(network.Xml) : null;

    private static IEnumerable<(string What, string Value)> Traits(XElement network) =>
    [
        ("mode", (string?)network.Element("forward")?.Attribute("mode") ?? "isolated"),
        ("VLAN", string.Join("+", network.Elements("vlan").Elements("tag").Attributes("id").Select(id => id.Value)) is { Length: > 0 } tags ? tags : "none"),
        ("port type", (string?)network.Element("virtualport")?.Attribute("type") ?? "none"),
        ("MTU", (string?)network.Element("mtu")?.Attribute("size") ?? "the default"),
    ];
}
