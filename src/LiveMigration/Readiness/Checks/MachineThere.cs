using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM059: a machine type comes with QEMU's version; the emulator has to be there under its path, too.</summary>
internal sealed class MachineThere()
    : ReadinessCheck("LM059", "The destination supports the VM's machine type", CheckCategory.Cpu, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.MachineTypeMissing;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var machine = (string?)facts.TargetXml.Element("os")?.Element("type")?.Attribute("machine") ?? "the default";
        yield return facts.Fit.Machine.Value.Refusal is { } refusal
            ? Broken($"{facts.Destination.Name} does not support {machine}: {refusal}. 'virsh capabilities' lists what it supports.")
            : Pass($"{facts.Destination.Name} supports {machine}.");
    }
}
