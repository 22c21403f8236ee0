using System.Xml.Linq;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM055: host-passthrough shows the guest what the host has, and maximum what QEMU can add to that.</summary>
internal sealed class SameHostCpu()
    : ReadinessCheck("LM055", "A host-passthrough or maximum CPU is the same on both hosts", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#cpu-model-and-topology")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var mode = (string?)facts.Xml.Element("cpu")?.Attribute("mode");
        if (mode is not ("host-passthrough" or "maximum"))
            return [Skip($"The VM's CPU is {mode ?? "the machine's default"}.")];
        if (mode is "maximum")
        {
            var (source, destination) = (facts.Source.Info.Value, facts.Destination.Info.Value);
            if (source.HypervisorVersion != destination.HypervisorVersion)
                return [Broken($"The VM's CPU has all features that its QEMU knows, and {source.Name} has QEMU {source.HypervisorVersion}, {destination.Name} has {destination.HypervisorVersion}. A named CPU model takes effect the next time the VM starts.")];
            if ((string?)facts.Xml.Attribute("type") is not "kvm")
                return [Pass($"The VM's CPU has all features that QEMU {source.HypervisorVersion} emulates, as on both hosts.")];
        }

        var (here, there) = (Cpu(facts.Source), Cpu(facts.Destination));
        if (here.Element("model")?.Value != there.Element("model")?.Value)
            return [Broken($"{facts.Source.Name} has {here.Element("model")?.Value}, {facts.Destination.Name} has {there.Element("model")?.Value}.")];
        var missing = Features(here).Except(Features(there)).ToArray();
        if (missing.Length > 0)
            return [Broken($"{facts.Destination.Name} lacks {string.Join(", ", missing)}.")];
        var (old, young) = (Microcode(here), Microcode(there));
        return old == young ? [Pass("Model, features and microcode are the same.")] : [Doubtful($"The microcode differs: {old} and {young}.")];
    }

    private static XElement Cpu(HostSnapshot host) => host.Capabilities.Value.Element("host")?.Element("cpu") ?? new XElement("cpu");

    private static IEnumerable<string?> Features(XElement cpu) => cpu.Elements("feature").Select(feature => (string?)feature.Attribute("name"));

    private static string? Microcode(XElement cpu) => (string?)cpu.Element("microcode")?.Attribute("version");
}
