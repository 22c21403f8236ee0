using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM016: each VM that arrives takes a port, and one more when disks are copied.</summary>
internal sealed class FreePorts()
    : ReadinessCheck("LM016", "The destination has a port left", CheckCategory.Network, CheckSeverity.Warning, "https://libvirt.org/migration.html")
{
    private const int Ports = 64;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var coming = facts.Destination.Domains.Value.Count(domain => domain.Status.IsPausedForMigration);
        var evidence = $"{coming} VMs arrive at {facts.Destination.Name}, which has {Ports} ports for them.";
        yield return coming >= Ports ? Broken(evidence) : Pass(evidence);
    }
}
