using System.Globalization;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Journals;

/// <summary>what was said of a fleet ↔ steps.</summary>
internal static class DescriptionSteps
{
    internal static IEnumerable<JournalStep> Of(FleetDescription description) =>
    [
        .. description.Links.Select(link => JournalStep.Now("link", ("name", link.Name), ("bandwidth", Number(link.Bandwidth.BytesPerSecond)), ("most", Number(link.MaxMigrations)))),
        .. description.Hosts.Select(host => JournalStep.Now(
            "limits",
            ("host", host.Name),
            ("reserved", Number(host.ReservedMemory.Bytes)),
            ("vcpus", Number(host.VCpus)),
            ("links", JournalStep.List(host.Links)),
            ("storage", host.Storage),
            ("outgoing", Number(host.MaxOutgoing)),
            ("incoming", Number(host.MaxIncoming)))),
        .. description.Domains.Select(wishes => JournalStep.Now(
            "wishes",
            ("name", wishes.Name),
            ("priority", Number(wishes.Priority)),
            ("pinned", wishes.Pinned),
            ("together", wishes.AffinityGroup),
            ("apart", wishes.AntiAffinityGroup),
            ("storage", JournalStep.List(wishes.Storage)))),
    ];

    internal static FleetLink ReadLink(JournalStep step) => new()
    {
        Name = step["name"]!,
        Bandwidth = JournalStep.Rate(step["bandwidth"]!),
        MaxMigrations = (int?)step.Number("most"),
    };

    internal static HostLimits ReadLimits(JournalStep step) => new()
    {
        Name = step["host"]!,
        ReservedMemory = new ByteSize((long)step.Number("reserved")!),
        VCpus = (int?)step.Number("vcpus"),
        Links = step.Items("links"),
        Storage = step["storage"],
        MaxOutgoing = (int?)step.Number("outgoing"),
        MaxIncoming = (int?)step.Number("incoming"),
    };

    internal static DomainWishes ReadWishes(JournalStep step) => new()
    {
        Name = step["name"]!,
        Priority = (int?)step.Number("priority"),
        Pinned = step["pinned"],
        AffinityGroup = step["together"],
        AntiAffinityGroup = step["apart"],
        Storage = step.Items("storage"),
    };

    private static string? Number(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);
}
