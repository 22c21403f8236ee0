using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>LM048: a VM with more vCPUs than the host has CPUs waits for itself.</summary>
internal sealed class EnoughCpus()
    : ReadinessCheck("LM048", "The destination has enough CPUs for the VM", CheckCategory.Capacity, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (cpus, wanted) = (facts.Destination.Info.Value.Cpus, Reported(facts.State.VCpus, "virtual CPUs"));
        var running = facts.Destination.Domains.Value.Where(domain => domain.Status.IsActive && domain.Uuid != facts.Uuid).Sum(domain => Reported(domain.VCpus, "virtual CPUs"));
        var evidence = $"{facts.Destination.Name} has {cpus} CPUs; its VMs have {running} vCPUs, and this one has {wanted}.";
        if (wanted > cpus)
            yield return Broken($"{evidence} A lower number takes effect the next time the VM starts.", Fewer(facts, cpus));
        else
            yield return running + wanted > cpus * facts.Thresholds.CpuOvercommit ? Broken(evidence) : Pass(evidence);
    }

    private static string Fewer(ReadinessFacts facts, int cpus)
    {
        string Set(params string[] more) => FixCommand.Virsh(facts.Source.Host, ["setvcpus", facts.Name, $"{cpus}", "--config", .. more]);
        return $"{Set()}; {Set("--maximum")}";
    }
}
