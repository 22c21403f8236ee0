using System.Xml.Linq;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Hosts;

/// <summary>What a host says of itself.</summary>
/// <param name="Info">What users see of it.</param>
/// <param name="Capabilities">Its capabilities, of which the host's part is under <c>host</c> and the guests' under <c>guest</c>.</param>
internal sealed record HostFacts(HostInfo Info, XElement Capabilities)
{
    internal static HostFacts Read(LibvirtHost host, Connection connection)
    {
        var all = XElement.Parse(connection.GetCapabilities());
        var capabilities = all.Element("host")!;
        var node = connection.GetNodeInfo();
        var (domains, running) = DomainListing.Count(connection);
        var info = new HostInfo
        {
            Name = host.Name,
            Uri = host.Uri,
            MachineName = connection.GetHostname(),
            Uuid = UuidIn(all),
            Hypervisor = connection.GetDriver(),
            HypervisorVersion = connection.GetHypervisorVersion(),
            LibvirtVersion = connection.GetLibvirtVersion(),
            Architecture = capabilities.Element("cpu")?.Element("arch")?.Value ?? "unknown",
            CpuModel = capabilities.Element("cpu")?.Element("model")?.Value,
            Cpus = (int)node.Cpus,
            Memory = (long)node.Memory.Value * 1024,
            FreeMemory = connection.GetFreeMemory(),
            RunningDomains = running,
            Domains = domains,
            CanMigrateLive = capabilities.Element("migration_features")?.Element("live") is not null,
            IsSecure = connection.IsSecure(),
        };
        return new HostFacts(info, all);
    }

    internal static Guid? Uuid(Connection connection) => UuidIn(XElement.Parse(connection.GetCapabilities()));

    private static Guid? UuidIn(XElement capabilities) => Guid.TryParse(capabilities.Element("host")?.Element("uuid")?.Value, out var uuid) ? uuid : null;
}
