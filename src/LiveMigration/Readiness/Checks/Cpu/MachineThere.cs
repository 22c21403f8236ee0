using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM059: a machine type comes with QEMU's version; the emulator has to be there under its path, too.</summary>
internal sealed class MachineThere()
    : ReadinessCheck("LM059", "The destination supports the VM's machine type", CheckCategory.Cpu, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.MachineTypeMissing;

    /// <summary><c>pc-q35-rhel9.2.0</c> of Red Hat, <c>pc-i440fx-jammy</c> of Ubuntu: one that upstream has ends with numbers alone.</summary>
    private static bool IsOfDistribution(string machine) => machine.Contains("rhel", StringComparison.Ordinal)
        || (machine.Split('-') is [_, .., var last] && last.Length > 0 && char.IsAsciiLetter(last[0]) && last is not ("i440fx" or "virtio"));

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var machine = (string?)facts.TargetXml.Element("os")?.Element("type")?.Attribute("machine") ?? "the default";
        var (emulator, there) = (facts.TargetXml.Element("devices")?.Element("emulator")?.Value, facts.Destination.Name);
        yield return facts.Fit.Machine.Value switch
        {
            { Refusal: { } refusal } when IsOfDistribution(machine) => Broken($"{there} does not support {machine}: {refusal}. Such a machine type is of one distribution only; another one takes effect the next time the VM starts."),
            { Refusal: { } refusal } => Broken($"{there} does not support {machine}: {refusal}. 'virsh capabilities' lists what it supports."),
            { Emulator: { } other } when facts.Demand.DefinitionIsGiven => Broken($"{there} has no {emulator}; its QEMU for {machine} is {other}. Change it in the definition of -DestinationXml."),
            { Emulator: { } other } => Doubtful($"{there} has no {emulator}: its own QEMU for {machine}, {other}, is used."),
            _ => Pass($"{there} supports {machine}."),
        };
    }
}
