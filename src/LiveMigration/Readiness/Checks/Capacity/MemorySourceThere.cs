using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>LM051: memory from a file, memfd or huge pages.</summary>
internal sealed class MemorySourceThere()
    : ReadinessCheck("LM051", "The destination supports the VM's memory backing", CheckCategory.Capacity, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#memory-backing")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if ((string?)facts.TargetXml.Element("memoryBacking")?.Element("source")?.Attribute("type") is not { } source)
            return [Pass("The VM uses ordinary memory.")];
        if (facts.Fit.Machine.Value.Capabilities is not { } capabilities)
            return [Skip("The destination does not support the machine type: see LM059.")];
        var known = capabilities.Elements("memoryBacking").Elements("enum").Elements("value").Select(value => value.Value).ToArray();
        return known.Length == 0
            ? [Untold($"{facts.Destination.Name} does not report which memory backings it supports.")]
            : [known.Contains(source) ? Pass($"{facts.Destination.Name} supports {source}.") : Broken($"{facts.Destination.Name} supports {string.Join(", ", known)}, not {source}.")];
    }
}
