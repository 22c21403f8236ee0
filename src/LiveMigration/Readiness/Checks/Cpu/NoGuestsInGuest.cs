using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM064: a guest that itself runs guests takes their state along only with a kernel and a QEMU that know how.</summary>
internal sealed class NoGuestsInGuest()
    : ReadinessCheck("LM064", "The VM does not run nested VMs", CheckCategory.Cpu, CheckSeverity.Warning, "https://www.linux-kvm.org/page/Nested_Guests")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var feature = facts.Xml.Elements("cpu").Elements("feature")
            .FirstOrDefault(one => (string?)one.Attribute("name") is "vmx" or "svm" && (string?)one.Attribute("policy") is "require" or "force" or null);
        yield return feature is not null && (string?)facts.Xml.Attribute("type") is "kvm"
            ? Broken($"The VM's CPU has {(string?)feature.Attribute("name")}: nested VMs survive the migration only with Linux 5.3 and QEMU 4.1 or newer.")
            : Pass("The VM's CPU has no nested virtualization.");
    }
}
