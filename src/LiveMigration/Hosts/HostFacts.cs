using System.Xml.Linq;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Hosts;

/// <summary>Puts together what a host says of itself.</summary>
internal static class HostFacts
{
    internal static HostInfo Read(LibvirtHost host, Connection connection)
    {
        var capabilities = XDocument.Parse(connection.GetCapabilities()).Root!.Element("host")!;
        var node = connection.GetNodeInfo();
        return new HostInfo
        {
            Name = host.Name,
            Uri = host.Uri,
            MachineName = connection.GetHostname(),
            Uuid = Guid.TryParse(capabilities.Element("uuid")?.Value, out var uuid) ? uuid : null,
            Hypervisor = connection.GetDriver(),
            HypervisorVersion = connection.GetHypervisorVersion(),
            LibvirtVersion = connection.GetLibvirtVersion(),
            Architecture = capabilities.Element("cpu")?.Element("arch")?.Value ?? "unknown",
            CpuModel = capabilities.Element("cpu")?.Element("model")?.Value,
            Cpus = (int)node.Cpus,
            Memory = (long)node.Memory.Value * 1024,
            FreeMemory = connection.GetFreeMemory(),
            RunningDomains = DomainListing.Uuids(connection, DomainFilter.Active).Count,
            Domains = DomainListing.Uuids(connection, DomainFilter.All).Count,
            CanMigrateLive = capabilities.Element("migration_features")?.Element("live") is not null,
            IsSecure = connection.IsSecure(),
        };
    }
}
