using LiveMigration.Hypervisors.Qemu.Comparison;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Qemu;

/// <summary>LM202: CPU features, MAC addresses and devices that only the destination has are accepted, and noticed by the guest.</summary>
internal sealed class QemuNoDangerousDifference() : QemuCheck("LM202", "Nothing differs that QEMU does not notice", CheckCategory.Devices, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(QemuReadinessFacts facts)
    {
        var found = facts.Compared.Where(difference => difference.Verdict is QemuDifferenceVerdict.Dangerous && !MachineRules.IsRefused(difference)).ToArray();
        return found.Select(difference => Broken($"{difference.Sentence} {difference.Remedy}".TrimEnd())).DefaultIfEmpty(Pass("Nothing else differs in a way that the guest would notice."));
    }
}
