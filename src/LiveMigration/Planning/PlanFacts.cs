using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Storage;

namespace LiveMigration.Planning;

/// <summary>All that a plan is made from: what both hosts and the domain said, at one moment.</summary>
/// <param name="Domain">The domain on the source.</param>
/// <param name="Definitions">What runs and what is stored.</param>
/// <param name="Source">The source.</param>
/// <param name="Destination">The destination.</param>
/// <param name="DestinationMemoryAvailable">Free memory and caches in bytes; null where the driver does not tell.</param>
/// <param name="Namesakes">Domains on the destination with the same UUID or the name it will have.</param>
internal sealed record PlanFacts(
    LibvirtDomain Domain,
    DomainDefinitions Definitions,
    HostInfo Source,
    HostInfo Destination,
    long? DestinationMemoryAvailable,
    IReadOnlyList<LibvirtDomain> Namesakes)
{
    /// <summary>Where the destination's QEMU for this machine is, if not where the source has its.</summary>
    internal string? Emulator { get; init; }

    /// <summary>Bytes of memory in huge pages, by their size in KiB; null where its memory is in ordinary pages.</summary>
    internal IReadOnlyDictionary<uint, long>? HugePages => Planning.HugePages.Of(XElement.Parse(Definitions.Running), Domain.MaxMemory ?? 0);

    /// <summary>What both hosts say of each disk.</summary>
    internal IReadOnlyList<DiskFacts> Disks { get; init; } = [];
}
