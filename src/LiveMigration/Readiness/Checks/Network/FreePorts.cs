using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Network;

/// <summary>LM016: each VM that arrives takes a port, and one more when disks are copied.</summary>
internal sealed class FreePorts()
    : ReadinessCheck("LM016", "The destination has a free migration port", CheckCategory.Network, CheckSeverity.Warning, "https://libvirt.org/migration.html")
{
    private const int Ports = 64;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var coming = facts.Destination.Domains.Value.Count(domain => domain.Status.IsPausedForMigration);
        var evidence = $"{coming} VMs are migrating to {facts.Destination.Name}, which has {Ports} ports for migrations.";
        yield return coming >= Ports ? Broken(evidence) : Pass(evidence);
    }
}
