using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;

namespace LiveMigration.Migration;

/// <summary>domain + destination + policy → what the policy has to know.</summary>
public static class LibvirtDomainPolicy
{
    private static readonly Version MultifdPostCopy = new(10, 1, 0);

    /// <summary>Gathers what a policy has to know about a domain before its migration is planned.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="options">The options.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<PolicyFacts> GetPolicyFactsAsync(
        this LibvirtDomain domain, LibvirtHost destination, MigrationOptions options, MigrationPolicy policy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(policy);
        var there = destination.GetInfoAsync(cancellationToken);
        var here = await domain.Host.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var devices = (await domain.Host.CallAsync(domain.Uuid, native => XElement.Parse(native.GetXml(XmlView.Live)), cancellationToken).ConfigureAwait(false))
            .Element("devices")!;
        var several = options.Parallel ?? policy.Parallel;
        var qemu = here.HypervisorVersion < (await there.ConfigureAwait(false)).HypervisorVersion ? here.HypervisorVersion : there.Result.HypervisorVersion;
        return new PolicyFacts
        {
            MemorySize = new Units.ByteSize(domain.MaxMemory ?? 0),
            PostCopyPossible = domain.Status.IsExecuting && (several is null || qemu >= MultifdPostCopy)
                && !devices.Elements("memory").Any(memory => (string?)memory.Attribute("model") is "nvdimm" or "virtio-pmem"),
            HasVfio = devices.Elements("hostdev").Any(device => (string?)device.Attribute("type") is "pci" or "mdev"),
        };
    }
}
