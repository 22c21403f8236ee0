using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM061: the loader is opened on the destination under the same path.</summary>
internal sealed class FirmwareThere()
    : ReadinessCheck("LM061", "The destination has the VM's firmware", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#bios-bootloader")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.TargetXml.Element("os")?.Element("loader")?.Value is not { Length: > 0 } loader)
            return [Pass("The VM uses the machine type's default firmware.")];
        if (facts.Fit.Machine.Value.Capabilities is not { } capabilities)
            return [Skip("The destination does not support the machine type: see LM059.")];
        var known = capabilities.Elements("os").Elements("loader").Elements("value").Select(value => value.Value).ToArray();
        // A file that no firmware description names may be there all the same.
        return known.Contains(loader)
            ? [Pass($"{facts.Destination.Name} knows {loader}.")]
            : [Doubtful($"{facts.Destination.Name} lists {(known.Length == 0 ? "no firmware" : string.Join(", ", known))}, not {loader}.")];
    }
}
