using System.Xml.Linq;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM038: a definition that was changed while the VM ran takes effect at its next start, on the other host.</summary>
internal sealed class NoPendingChanges()
    : ReadinessCheck("LM038", "The running VM matches its definition", CheckCategory.State, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (!facts.State.Status.IsActive || facts.Domain.InactiveXml.Value is not { } inactive)
            return [Pass("The VM has only one definition.")];
        var pending = Parts.Where(part => part.Read(facts.Xml) != part.Read(inactive)).Select(part => part.Name).ToArray();
        return pending.Length == 0
            ? [Pass("No change is pending until the next start.")]
            : [Broken($"Changes pending until the next start: {string.Join(", ", pending)}. The VM migrates with its running configuration; restart it to apply the changes now, or revert them.", FixCommand.Define(facts, "--migratable"))];
    }

    /// <summary>What people change, and libvirt does not rewrite when a VM starts.</summary>
    private static readonly (string Name, Func<XElement, string> Read)[] Parts =
    [
        ("memory", xml => xml.Element("memory")?.Value ?? ""),
        ("vCPUs", xml => xml.Element("vcpu")?.Value ?? ""),
        ("disks", xml => string.Join(' ', Devices(xml, "disk").Select(disk => $"{(string?)disk.Element("target")?.Attribute("dev")} {DiskPath.Of(disk)}").Order())),
        ("interfaces", xml => string.Join(' ', Devices(xml, "interface").Select(nic => (string?)nic.Element("mac")?.Attribute("address")).Order())),
        ("passed-through devices", xml => $"{Devices(xml, "hostdev").Count()}"),
    ];

    private static IEnumerable<XElement> Devices(XElement xml, string kind) => xml.Elements("devices").Elements(kind);
}
