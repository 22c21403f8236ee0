using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM054: compared by the destination's libvirt with what its QEMU can give.</summary>
internal sealed class CpuRunnable()
    : ReadinessCheck("LM054", "The guest's CPU runs on the destination", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#cpu-model-and-topology")
{
    internal override Fault Fault => Faults.CpuIncompatible;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.TargetXml.Element("cpu") is not { } cpu)
            return [Pass("It is the machine's default.")];
        var mode = (string?)cpu.Attribute("mode") ?? "custom";
        if (mode is not "custom")
            return [Skip($"It follows the host ({mode}): see LM055.")];
        var model = cpu.Element("model")?.Value;
        return facts.Fit.CpuRefusal.Value is not { } refusal
            ? [Pass($"{facts.Destination.Name} runs {model}.")]
            : [Broken($"{facts.Destination.Name} does not run {model}: {refusal}. 'virsh domcapabilities' lists what it runs.")];
    }
}
