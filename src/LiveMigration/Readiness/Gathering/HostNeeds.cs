using System.Xml.Linq;

namespace LiveMigration.Readiness.Gathering;

/// <summary>What a host is asked: a question whose answer no check looks at costs a way to the host and back all the same.</summary>
/// <param name="Everything">Whether all checks are evaluated, and not only those that would end a migration.</param>
/// <param name="Maintenance">Whether it is in maintenance.</param>
/// <param name="Memory">Its free memory.</param>
/// <param name="Networks">Its virtual networks.</param>
/// <param name="Interfaces">Its interfaces.</param>
/// <param name="Filters">Its network filters.</param>
/// <param name="Secrets">Its secrets.</param>
/// <param name="Pools">Its storage pools.</param>
internal sealed record HostNeeds(bool Everything, bool Maintenance, bool Memory, bool Networks, bool Interfaces, bool Filters, bool Secrets, bool Pools)
{
    internal static readonly HostNeeds All = new(Everything: true, Maintenance: true, Memory: true, Networks: true, Interfaces: true, Filters: true, Secrets: true, Pools: true);

    /// <summary>What the checks that would end a migration ask of its source: what it is, and which of its networks pass a device through.</summary>
    /// <param name="definitions">What the VM is defined as.</param>
    internal static HostNeeds OfSource(IReadOnlyList<XElement> definitions) =>
        new(Everything: false, Maintenance: false, Memory: false, Networks: definitions.Descendants("interface").Any(), Interfaces: false, Filters: false, Secrets: false, Pools: false);

    /// <summary>What they ask of the destination.</summary>
    /// <param name="definitions">What the VM is defined as, here and there.</param>
    internal static HostNeeds OfDestination(IReadOnlyList<XElement> definitions)
    {
        var devices = definitions.Descendants("interface").Any();
        return new(
            Everything: false,
            Maintenance: true,
            Memory: true,
            Networks: devices,
            Interfaces: devices,
            Filters: definitions.Descendants("filterref").Any(),
            Secrets: definitions.Descendants().Any(element => element.Name.LocalName is "secret" or "encryption" or "auth"),
            Pools: definitions.Descendants("disk").Any());
    }
}
