using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM005: an older libvirt may not know what is in the definition.</summary>
internal sealed class LibvirtVersions()
    : ReadinessCheck("LM005", "libvirt on the destination is not older", CheckCategory.Connectivity, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (here, there) = (facts.Source.Info.Value.LibvirtVersion, facts.Destination.Info.Value.LibvirtVersion);
        var evidence = $"{facts.Source.Name} has libvirt {here}, {facts.Destination.Name} has {there}.";
        yield return there < here ? Broken(evidence) : Pass(evidence);
    }
}
