using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Strategy;

/// <summary>LM093: RDMA locks memory, and libvirt wants to know how much.</summary>
internal sealed class RdmaMemory()
    : ReadinessCheck("LM093", "A memory limit is set for RDMA", CheckCategory.Strategy, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#memory-tuning")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.MigrationUri?.StartsWith("rdma:", StringComparison.Ordinal) is not true)
            return [Skip("RDMA is not requested.")];
        return facts.Xml.Element("memtune")?.Element("hard_limit") is { Value: var limit }
            ? [Pass($"memtune/hard_limit is {limit} KiB.")]
            : [Broken("libvirt does not start a migration over RDMA without memtune/hard_limit. A limit takes effect the next time the VM starts.", Limit(facts))];
    }

    /// <summary>Twice the VM's memory: QEMU's own, and what its devices take, have to fit as well.</summary>
    internal static string Limit(ReadinessFacts facts) =>
        FixCommand.Virsh(facts.Source.Host, "memtune", facts.Name, "--hard-limit", $"{Reported(facts.State.MaxMemory, "memory") / 1024 * 2}", "--config");
}
