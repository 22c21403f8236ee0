using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM004: libvirt takes hosts with one UUID for one host; firmware that all share makes it so.</summary>
internal sealed class TwoHosts()
    : ReadinessCheck("LM004", "Source and destination are different hosts", CheckCategory.Connectivity, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    internal override Fault Fault => Faults.SameHost;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (source, destination) = (facts.Source.Info.Value, facts.Destination.Info.Value);
        yield return (source.Uuid is null, source.Uuid == destination.Uuid, facts.Source.Name == facts.Destination.Name) switch
        {
            (true, true, _) => Untold("The hosts report no UUID."),
            (_, true, true) => Broken($"{facts.Source.Name} is both source and destination."),
            (_, true, false) => Broken(
                $"{facts.Source.Name} and {facts.Destination.Name} have the same UUID {source.Uuid}. If they are two machines, give one of them its own host_uuid in libvirtd.conf."),
            _ => Pass($"{source.Uuid} and {destination.Uuid}."),
        };
    }
}
