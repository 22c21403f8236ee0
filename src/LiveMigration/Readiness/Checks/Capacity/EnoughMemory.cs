using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Units;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>LM046: what is free there, and the caches that give way, hold all that the VM may use.</summary>
internal sealed class EnoughMemory()
    : ReadinessCheck("LM046", "The destination has enough memory for the VM", CheckCategory.Capacity, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.InsufficientMemory;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline)
            return [Skip("Only the definition is moved.")];
        if (facts.Xml.Elements("memoryBacking").Elements("hugepages").Any())
            return [Skip("The VM's memory is in huge pages: see LM047.")];
        var (available, needed) = (new ByteSize(facts.Destination.MemoryAvailable.Value), new ByteSize(Reported(facts.State.MaxMemory, "memory")));
        var reserve = facts.Thresholds.MemoryReserve;
        var kept = reserve.Bytes > 0 ? $", of which {reserve} is reserved" : "";
        var evidence = $"The VM may use {needed}; {facts.Destination.Name} has {available} available{kept}.";
        if (available.Bytes - reserve.Bytes >= needed.Bytes)
            return [Pass(evidence)];
        return facts.Demand.AllowMemoryOvercommit
            ? [Doubtful(evidence)]
            : [Broken(evidence, FixCommand.Start(facts, "-AllowMemoryOvercommit"))];
    }
}
