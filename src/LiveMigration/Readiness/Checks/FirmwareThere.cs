using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM061: the loader is opened on the destination under the same path.</summary>
internal sealed class FirmwareThere()
    : ReadinessCheck("LM061", "The destination has the VM's firmware", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#bios-bootloader")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.TargetXml.Element("os")?.Element("loader")?.Value is not { Length: > 0 } loader)
            return [Pass("It is the machine's own.")];
        if (facts.Fit.Machine.Value.Capabilities is not { } capabilities)
            return [Skip("The destination has no such machine: see LM059.")];
        var known = capabilities.Elements("os").Elements("loader").Elements("value").Select(value => value.Value).ToArray();
        // A file that no firmware description names may be there all the same.
        return known.Contains(loader)
            ? [Pass($"{facts.Destination.Name} knows {loader}.")]
            : [Doubtful($"{facts.Destination.Name} knows {(known.Length == 0 ? "no firmware" : string.Join(", ", known))}, not {loader}.")];
    }
}
