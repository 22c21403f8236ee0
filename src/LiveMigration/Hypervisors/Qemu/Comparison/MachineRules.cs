using System.Globalization;
using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>Machine type, memory, CPUs, accelerator and UUID: what every QEMU says of itself.</summary>
internal static class MachineRules
{
    private static readonly string NoUuid = $"{Guid.Empty}";

    internal static IEnumerable<QemuDifference> Compare(QemuFacts source, QemuFacts destination)
    {
        yield return Verdicts.Of(
            "-machine", source.Machine, destination.Machine, Fatal,
            $"QEMU refuses: Machine type received is '{source.Machine}' and local is '{destination.Machine}'.", $"Start the destination with -machine {source.Machine}.");
        yield return Verdicts.Of(
            "-m", Size(source.Memory), Size(destination.Memory), Fatal, "QEMU refuses: Size mismatch of the memory's block.", $"Start the destination with -m {Size(source.Memory)}.");
        yield return Verdicts.Of(
            "-m slots=", Text(source.MemorySlots), Text(destination.MemorySlots), Fatal,
            "QEMU refuses: the slots are part of a device's state (Missing section footer).", $"Start the destination with -m …,slots={source.MemorySlots}.");
        yield return Verdicts.Of(
            "-m maxmem=", Size(source.MaxMemory), Size(destination.MaxMemory), Dangerous,
            "QEMU accepts it; the room for plugged memory is another one, and so is where 64-bit PCI regions may be.", $"Start the destination with -m …,maxmem={Size(source.MaxMemory)}.");
        yield return Cpus(source.Cpus, destination.Cpus);
        yield return Verdicts.Of(
            "-smp maxcpus=", Text(source.MaxCpus), Text(destination.MaxCpus), Dangerous,
            "QEMU accepts it from a guest that has not looked at the CPUs that can be plugged, and refuses it from one that has (Missing section footer).",
            $"Start the destination with -smp …,maxcpus={source.MaxCpus}.");
        if (source.MaxCpus == destination.MaxCpus) // It follows from that.
        {
            yield return Verdicts.Of(
                "-smp sockets=,cores=,threads=", source.Topology, destination.Topology, Dangerous, "QEMU accepts it; the guest has read another topology.", $"Start the destination with -smp …,{source.Topology}.");
        }

        yield return Verdicts.Of(
            "-accel", source.IsKvm ? "kvm" : "tcg", destination.IsKvm ? "kvm" : "tcg", source.IsKvm ? Fatal : Dangerous,
            source.IsKvm ? "QEMU refuses: the state of kvmclock is unknown to it." : "The CPU's state is loaded into another kind of CPU.", $"Start the destination with -accel {(source.IsKvm ? "kvm" : "tcg")}.");
        yield return Verdicts.Of(
            "-uuid", $"{source.Uuid}", $"{destination.Uuid}", Dangerous,
            "QEMU accepts it unless validate-uuid is on; the guest has another identity after its next boot.", $"Start the destination with -uuid {source.Uuid}.");
        yield return Version(source.Version, destination.Version);
    }

    /// <summary>
    /// Whether no migration is begun for it: what QEMU would refuse; and of what it would accept, another number of CPUs, another accelerator, and another UUID where
    /// both were given one. What one of them alone says is refused where it matters in every value.
    /// </summary>
    internal static bool IsRefused(QemuDifference difference) =>
        difference.Verdict is Fatal
        || (difference.Verdict is Unknown && (difference.Source is null) != (difference.Destination is null) && difference.What is "-machine" or "-m" or "-m slots=" or "-smp" or "-smp maxcpus=")
        || (difference.Verdict is Dangerous && (difference.What is "-smp" or "-smp maxcpus=" or "-accel"
            || (difference.What is "-uuid" && difference.Source != NoUuid && difference.Destination != NoUuid)));

    private static QemuDifference Cpus(int? source, int? destination) => Verdicts.Of(
        "-smp", Text(source), Text(destination), destination < source ? Fatal : Dangerous,
        destination < source ? $"QEMU refuses: Unknown savevm section or instance 'cpu_common' {destination}." : "QEMU accepts it, and has CPUs that the guest does not know and that are not started.",
        $"Start the destination with -smp {source}.");

    private static QemuDifference Version(Version? source, Version? destination) => Verdicts.Of(
        "QEMU", source?.ToString(), destination?.ToString(), destination < source ? Dangerous : Harmless,
        destination < source ? "An older QEMU may lack what a newer one writes, with the same machine type, too." : "A newer QEMU reads what an older one with the same machine type writes.",
        destination < source ? "Install the source's version at the destination." : "");

    private static string? Size(long? bytes) => bytes is { } known ? Verdicts.Size(known) : null;

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
