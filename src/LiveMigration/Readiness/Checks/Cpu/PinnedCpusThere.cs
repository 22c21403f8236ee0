using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM065: a pin to a CPU that is not there fails when the VM arrives.</summary>
internal sealed class PinnedCpusThere()
    : ReadinessCheck("LM065", "The destination has the CPUs and NUMA nodes that the VM is pinned to", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#cpu-tuning")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (cpus, nodes) = (Sets(facts.TargetXml).ToArray(), Nodes(facts.TargetXml).ToArray());
        if (cpus.Length + nodes.Length == 0)
            return [Pass("The VM is not pinned.")];
        var there = facts.Destination.Capabilities.Value.Descendants("cell").Select(cell => (
            Node: (int?)cell.Attribute("id") ?? 0, Cpus: cell.Descendants("cpu").Select(cpu => (int?)cpu.Attribute("id") ?? 0).ToArray())).ToArray();
        var noCpu = cpus.SelectMany(CpuSet.Parse).Except(there.SelectMany(cell => cell.Cpus)).Distinct().Order().ToArray();
        var noNode = nodes.SelectMany(CpuSet.Parse).Except(there.Select(cell => cell.Node)).Distinct().Order().ToArray();
        return (noCpu.Length, noNode.Length) switch
        {
            (0, 0) => [Pass($"{facts.Destination.Name} has {string.Join("; ", cpus.Concat(nodes).Distinct())}.")],
            _ => [Broken($"{facts.Destination.Name} lacks {List("CPU", noCpu)}{(noCpu.Length > 0 && noNode.Length > 0 ? " and " : "")}{List("NUMA node", noNode)}.", FixCommand.Start(facts, "-DestinationXml $xml"))],
        };
    }

    private static string List(string kind, int[] numbers) => numbers.Length == 0 ? "" : $"{kind} {string.Join(", ", numbers)}";

    private static IEnumerable<string> Sets(XElement xml) => xml.Elements("vcpu").Attributes("cpuset")
        .Concat(xml.Elements("cputune").Elements().Attributes("cpuset")).Select(set => set.Value);

    private static IEnumerable<string> Nodes(XElement xml) => xml.Elements("numatune").Elements().Attributes("nodeset").Select(set => set.Value)
        .Concat(xml.Elements("devices").Elements("memory").Elements("source").Elements("nodemask").Select(set => set.Value));
}
