using LiveMigration.Hypervisors.Qemu.Comparison;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Qemu;

/// <summary>LM201: QEMU finds out at the end, when all memory was sent.</summary>
internal sealed class QemuStartedAlike() : QemuCheck("LM201", "Both QEMUs were started alike", CheckCategory.Cpu, CheckSeverity.Blocker)
{
    internal override Errors.Fault Fault => Errors.Faults.DeviceStateRejected;

    private protected override IEnumerable<Outcome> Judge(QemuReadinessFacts facts)
    {
        var refused = facts.Compared.Where(MachineRules.IsRefused).ToArray();
        foreach (var difference in refused)
            yield return Broken($"{difference.Sentence} {difference.Remedy}".TrimEnd());
        var unknown = facts.Compared.Where(difference => difference.Verdict is QemuDifferenceVerdict.Unknown && !MachineRules.IsRefused(difference)).ToArray();
        foreach (var difference in unknown)
            yield return Untold(difference.Sentence);
        if (refused.Length + unknown.Length == 0)
            yield return Pass($"{facts.Compared.Count(difference => difference.Verdict is QemuDifferenceVerdict.Equal)} things are the same; none that QEMU refuses differs.");
    }
}
