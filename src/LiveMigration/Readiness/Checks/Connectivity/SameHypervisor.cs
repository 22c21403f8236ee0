using System.Xml.Linq;
using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM007: hypervisor, architecture and acceleration.</summary>
internal sealed class SameHypervisor()
    : ReadinessCheck("LM007", "Both hosts run the VM's hypervisor, architecture and acceleration", CheckCategory.Connectivity, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.DifferentHypervisor;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (source, destination) = (facts.Source.Info.Value, facts.Destination.Info.Value);
        if (source.Hypervisor != destination.Hypervisor)
        {
            yield return Broken($"{source.Name} runs {source.Hypervisor} and {destination.Name} runs {destination.Hypervisor}.");
            yield break;
        }

        var type = (string?)facts.Xml.Attribute("type");
        var arch = (string?)facts.Xml.Element("os")?.Element("type")?.Attribute("arch");
        var guest = facts.Destination.Capabilities.Value.Elements("guest").Elements("arch").FirstOrDefault(one => (string?)one.Attribute("name") == arch);
        var types = guest?.Elements("domain").Select(one => (string?)one.Attribute("type")).ToArray() ?? [];
        if (guest is null)
            yield return Broken($"{destination.Name} does not run {arch}.");
        else if (!types.Contains(type))
            yield return Broken($"{destination.Name} runs {arch} with {string.Join(", ", types)}, and the VM is of type {type}.{(type is "kvm" ? " Does /dev/kvm exist?" : "")}");
        else
            yield return Pass($"{destination.Hypervisor}, {arch}, {type}.");
    }
}
