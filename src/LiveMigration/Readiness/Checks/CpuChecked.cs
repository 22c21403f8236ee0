using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM056: with check='none' QEMU leaves out what it does not have, without a word.</summary>
internal sealed class CpuChecked()
    : ReadinessCheck("LM056", "libvirt checks the CPU that the guest gets", CheckCategory.Cpu, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#cpu-model-and-topology")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var check = (string?)facts.Xml.Element("cpu")?.Attribute("check");
        yield return check is "none"
            ? Broken("The definition says check='none': a feature that is missing there, the guest would find out. Another takes effect when it starts.", FixCommand.Redefine(facts, "s/check='none'/check='partial'/"))
            : Pass(check is null ? "Nothing else is said." : $"The definition says check='{check}'.");
    }
}
