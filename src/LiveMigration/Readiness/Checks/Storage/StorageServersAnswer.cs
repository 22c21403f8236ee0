using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>LM088: Ceph, iSCSI, NFS and others that QEMU reads by itself.</summary>
internal sealed class StorageServersAnswer()
    : ReadinessCheck("LM088", "The VM's storage servers are reachable", CheckCategory.Storage, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Fit.StorageServers.Value.Select(probe =>
        probe.Answer is not ProbeAnswer.Open
            ? Broken($"From this client, {probe}.", subject: probe.Host)
            : facts.Destination.Host.Uri.IsLocal
                ? Pass($"{probe}.", probe.Host)
                : Untold($"From this client, {probe}; whether {facts.Destination.Name} can connect is known only when a migration starts.", probe.Host));
}
