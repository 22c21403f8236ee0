using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM056: with check='none' QEMU leaves out what it does not have, without a word.</summary>
internal sealed class CpuChecked()
    : ReadinessCheck("LM056", "libvirt checks the VM's CPU features", CheckCategory.Cpu, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#cpu-model-and-topology")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var check = (string?)facts.Xml.Element("cpu")?.Attribute("check");
        yield return check is "none"
            ? Broken("The definition has check='none': a feature that the destination lacks would go missing unnoticed. Another value takes effect the next time the VM starts.", FixCommand.Redefine(facts, $"s/check='none'/check='partial'/"))
            : Pass(check is null ? "The definition does not turn the check off." : $"The definition has check='{check}'.");
    }
}
