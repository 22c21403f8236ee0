using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Strategy;

/// <summary>LM091: the kernel fills in pages as they come (userfaultfd).</summary>
internal sealed class PostCopyPossible()
    : ReadinessCheck("LM091", "The VM's memory supports post-copy", CheckCategory.Strategy, CheckSeverity.Warning, "https://www.qemu.org/docs/master/devel/migration/postcopy.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (!facts.Demand.PostCopy)
            return [Skip("Post-copy is not requested.")];
        if (facts.Devices("hostdev").Any(device => (string?)device.Attribute("type") is "pci"))
            return [Broken("A passed-through PCI device accesses memory that has not arrived yet.")];
        var backing = facts.Xml.Element("memoryBacking");
        return (string?)backing?.Element("source")?.Attribute("type") is "file" && (string?)backing.Element("access")?.Attribute("mode") is not "shared"
            ? [Broken("The VM's memory is a private file mapping, which userfaultfd cannot populate.")]
            : [Pass("The VM's memory supports post-copy.")];
    }
}
