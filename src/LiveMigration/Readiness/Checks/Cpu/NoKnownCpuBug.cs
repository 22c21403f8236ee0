using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM057: libvirt 9.10 to 10.1 disagree with others about a CPU's vmx-* features.</summary>
internal sealed class NoKnownCpuBug()
    : ReadinessCheck("LM057", "No known libvirt bug affects the VM's CPU", CheckCategory.Cpu, CheckSeverity.Warning, "https://libvirt.org/news.html")
{
    private static readonly Version First = new(9, 10, 0);
    private static readonly Version Fixed = new(10, 2, 0);

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var virtualized = facts.Xml.Elements("cpu").Elements("feature")
            .Any(feature => ((string?)feature.Attribute("name"))?.StartsWith("vmx-", StringComparison.Ordinal) is true);
        var (here, there) = (facts.Source.Info.Value, facts.Destination.Info.Value);
        var faulty = new[] { here, there }.Where(host => host.LibvirtVersion >= First && host.LibvirtVersion < Fixed).ToArray();
        yield return virtualized && faulty.Length > 0 && here.LibvirtVersion != there.LibvirtVersion
            ? Broken($"The VM's CPU has vmx-* features, which libvirt {faulty[0].LibvirtVersion} on {faulty[0].Name} handles differently from other versions; this is fixed in {Fixed}.")
            : Pass(virtualized ? "Both hosts handle the VM's vmx-* features alike." : "The VM's CPU has no vmx-* features.");
    }
}
