using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Strategy;

/// <summary>LM092: the kernel sends from locked pages.</summary>
internal sealed class MemoryLockable()
    : ReadinessCheck("LM092", "Memory can be locked for zero-copy", CheckCategory.Strategy, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#memory-tuning")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (!facts.Demand.ZeroCopy)
            return [Skip("Zero-copy is not requested.")];
        return facts.Xml.Element("memtune")?.Element("hard_limit") is { Value: var limit }
            ? [Pass($"memtune/hard_limit is {limit} KiB.")]
            : [Broken("The definition has no memtune/hard_limit: pages that cannot be locked are copied, which is slower than without zero-copy. A limit takes effect the next time the VM starts.", RdmaMemory.Limit(facts))];
    }
}
