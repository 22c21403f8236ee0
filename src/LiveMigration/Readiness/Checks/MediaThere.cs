using LiveMigration.Errors;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM086: an image in a drive is opened on the destination as well.</summary>
internal sealed class MediaThere()
    : ReadinessCheck("LM086", "Transient disks and removable media can move", CheckCategory.Storage, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms")
{
    internal override Fault Fault => Faults.DiskNotAccessible;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        foreach (var disk in facts.TargetDevices("disk").Where(disk => disk.Element("source") is not null))
        {
            var (path, target) = (DiskPath.Of(disk), (string?)disk.Element("target")?.Attribute("dev") ?? "");
            if (disk.Element("transient") is not null)
                yield return Broken("The changes on a transient disk are discarded: libvirt does not migrate them.", subject: target);
            else if (disk.Element("readonly") is not null && path is not null)
                yield return !facts.Fit.Paths.Value.TryGetValue(path, out var there)
                    ? Untold($"No active storage pool of {facts.Destination.Name} holds {path}.", target)
                    : there
                        ? Pass($"{facts.Destination.Name} has {path}.", target)
                        : Broken($"{facts.Destination.Name} has no {path}.", FixCommand.Virsh(facts.Source.Host, "change-media", facts.Name, target, "--eject", "--force"), target);
        }
    }
}
