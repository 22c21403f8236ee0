using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM064: a guest that itself runs guests takes their state along only with a kernel and a QEMU that know how.</summary>
internal sealed class NoGuestsInGuest()
    : ReadinessCheck("LM064", "The VM runs no VMs itself", CheckCategory.Cpu, CheckSeverity.Warning, "https://www.linux-kvm.org/page/Nested_Guests")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var feature = facts.Xml.Elements("cpu").Elements("feature")
            .FirstOrDefault(one => (string?)one.Attribute("name") is "vmx" or "svm" && (string?)one.Attribute("policy") is "require" or "force" or null);
        yield return feature is not null && (string?)facts.Xml.Attribute("type") is "kvm"
            ? Broken($"Its CPU has {(string?)feature.Attribute("name")}: VMs that run in it move along only from Linux 5.3 and QEMU 4.1 on.")
            : Pass("It cannot.");
    }
}
