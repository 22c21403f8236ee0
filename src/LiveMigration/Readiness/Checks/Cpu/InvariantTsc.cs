using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM058: a counter that changes its speed is not invariant.</summary>
internal sealed class InvariantTsc()
    : ReadinessCheck("LM058", "The destination's TSC frequency suits a guest with an invariant TSC", CheckCategory.Cpu, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var invariant = facts.Xml.Elements("cpu").Elements("feature").Any(feature =>
            (string?)feature.Attribute("name") is "invtsc" && (string?)feature.Attribute("policy") is "require" or "force");
        if (!invariant)
            return [Pass("The VM has no invariant TSC.")];
        var timer = facts.Xml.Elements("clock").Elements("timer").FirstOrDefault(one => (string?)one.Attribute("name") is "tsc");
        if ((long?)timer?.Attribute("frequency") is not { } frequency)
            return [Broken("The VM requires invtsc, but its timer 'tsc' has no frequency: QEMU does not migrate such a VM.")];
        var counter = facts.Destination.Capabilities.Value.Descendants("counter").FirstOrDefault(one => (string?)one.Attribute("name") is "tsc");
        if ((long?)counter?.Attribute("frequency") is not { } there)
            return [Untold($"{facts.Destination.Name} does not report the frequency of its TSC.")];
        // QEMU takes 250 ppm for the same.
        return Math.Abs(there - frequency) <= frequency / 4000 || (string?)counter.Attribute("scaling") is "yes"
            ? [Pass($"{frequency} Hz; {facts.Destination.Name} has {there}.")]
            : [Broken($"The guest's TSC runs at {frequency} Hz; {facts.Destination.Name} has {there} Hz and cannot scale it.")];
    }
}
