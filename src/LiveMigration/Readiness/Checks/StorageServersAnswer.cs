using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM088: Ceph, iSCSI, NFS and others that QEMU reads by itself.</summary>
internal sealed class StorageServersAnswer()
    : ReadinessCheck("LM088", "The servers of the VM's disks answer", CheckCategory.Storage, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Fit.StorageServers.Value.Select(probe =>
        probe.Answer is not ProbeAnswer.Open
            ? Broken($"From here, {probe}.", subject: probe.Host)
            : facts.Destination.Host.Uri.IsLocal
                ? Pass($"{probe}.", probe.Host)
                : Untold($"{probe} from here; whether it does from {facts.Destination.Name}, only a migration tells.", probe.Host));
}
