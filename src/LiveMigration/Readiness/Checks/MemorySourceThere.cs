using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM051: memory from a file, memfd or huge pages.</summary>
internal sealed class MemorySourceThere()
    : ReadinessCheck("LM051", "The destination's QEMU can back the VM's memory in the same way", CheckCategory.Capacity, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#memory-backing")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if ((string?)facts.TargetXml.Element("memoryBacking")?.Element("source")?.Attribute("type") is not { } source)
            return [Pass("It is ordinary memory.")];
        if (facts.Fit.Machine.Value.Capabilities is not { } capabilities)
            return [Skip("The destination has no such machine: see LM059.")];
        var known = capabilities.Elements("memoryBacking").Elements("enum").Elements("value").Select(value => value.Value).ToArray();
        return known.Length == 0
            ? [Untold($"{facts.Destination.Name} does not tell how it backs memory.")]
            : [known.Contains(source) ? Pass($"{source} is one of {string.Join(", ", known)}.") : Broken($"{facts.Destination.Name} has {string.Join(", ", known)}, not {source}.")];
    }
}
