using System.Xml.Linq;
using LiveMigration.Units;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>LM047: huge pages are set aside beforehand.</summary>
internal sealed class EnoughHugePages()
    : ReadinessCheck("LM047", "The destination has enough free huge pages", CheckCategory.Capacity, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#memory-backing")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline || !facts.TargetXml.Elements("memoryBacking").Elements("hugepages").Any())
            return [Pass("The VM uses no huge pages.")];
        var pages = facts.Fit.HugePages.Value;
        if (pages.Count == 0)
            return [Untold("The definition does not specify the size of the huge pages.")];
        return pages.Select(size =>
        {
            var free = size.Value.Aggregate(0UL, (sum, count) => sum + count);
            var (has, needs) = (new ByteSize((long)(free * size.Key * 1024)), new ByteSize(Reported(facts.State.MaxMemory, "memory")));
            var evidence = $"{facts.Destination.Name} has {has} free in pages of {new ByteSize(size.Key * 1024L)}, and the VM needs {needs}.";
            var missing = (needs.Bytes - has.Bytes) / 1024 / size.Key + 1;
            return has.Bytes >= needs.Bytes
                ? Pass(evidence)
                : Broken(evidence, FixCommand.Virsh(facts.Destination.Host, "allocpages", "--add", $"{size.Key}", $"{missing}"));
        });
    }
}
