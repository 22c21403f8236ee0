using LiveMigration.Evacuation.Fleets;
using LiveMigration.State;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Journals;

/// <summary>What was said of a fleet ↔ steps.</summary>
internal static class DescriptionSteps
{
    internal static IEnumerable<JournalStep> Of(FleetDescription description) =>
    [
        .. description.Links.Select(link => JournalStep.Of("link", ("name", link.Name), ("bandwidth", link.Bandwidth.BytesPerSecond), ("most", link.MaxMigrations))),
        .. description.Hosts.Select(host => JournalStep.Of(
            "limits",
            ("host", host.Name),
            ("reserved", host.ReservedMemory.Bytes),
            ("vcpus", host.VCpus),
            ("links", FieldValue.List(host.Links)),
            ("storage", host.Storage),
            ("outgoing", host.MaxOutgoing),
            ("incoming", host.MaxIncoming))),
        .. description.Domains.Select(wishes => JournalStep.Of(
            "wishes",
            ("name", wishes.Name),
            ("priority", wishes.Priority),
            ("pinned", wishes.Pinned),
            ("together", wishes.AffinityGroup),
            ("apart", wishes.AntiAffinityGroup),
            ("storage", FieldValue.List(wishes.Storage)))),
    ];

    internal static FleetLink ReadLink(JournalStep step) => new()
    {
        Name = step["name"]!,
        Bandwidth = Bandwidth.FromBytes((long)step.Number("bandwidth")!),
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
}
