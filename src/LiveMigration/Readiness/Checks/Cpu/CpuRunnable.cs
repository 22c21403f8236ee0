using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM054: compared by the destination's libvirt with what its QEMU can give.</summary>
internal sealed class CpuRunnable()
    : ReadinessCheck("LM054", "The destination supports the VM's CPU model", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#cpu-model-and-topology")
{
    internal override Fault Fault => Faults.CpuIncompatible;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.TargetXml.Element("cpu") is not { } cpu)
            return [Pass("The VM uses the machine type's default CPU.")];
        var mode = (string?)cpu.Attribute("mode") ?? "custom";
        if (mode is not "custom")
            return [Skip($"The CPU follows the host ({mode}): see LM055.")];
        var model = cpu.Element("model")?.Value;
        return facts.Fit.CpuRefusal.Value is not { } refusal
            ? [Pass($"{facts.Destination.Name} supports {model}.")]
            : [Broken($"{facts.Destination.Name} does not support {model}: {refusal}. 'virsh domcapabilities' lists what it supports.")];
    }
}
