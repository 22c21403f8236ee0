using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM086: an image in a drive is opened on the destination as well, unless libvirt may eject it.</summary>
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
            else if (path is not null && (disk.Element("readonly") is not null || DiskReader.IsDispensable(disk)))
                yield return Look(facts, disk, path, target);
        }
    }

    private static Outcome Look(ReadinessFacts facts, XElement disk, string path, string target)
    {
        var host = facts.Destination.Name;
        if (facts.Fit.Paths.Value.TryGetValue(path, out var there) || (facts.Fit.Files is { IsHad: true, Value: var files } && files.TryGetValue(path, out there)))
        {
            return there
                ? Pass($"{host} has {path}.", target)
                : DiskReader.IsDispensable(disk)
                    ? Doubtful($"{host} has no {path}: libvirt ejects it on the way (startupPolicy='{(string?)disk.Element("source")?.Attribute("startupPolicy")}').", subject: target)
                    : Broken($"{host} has no {path}.", Fix(facts, disk, target), target);
        }

        return Untold($"No active storage pool of {host} holds {path}.", target);
    }

    /// <summary>A drive is emptied; a disk that cannot be written does without.</summary>
    private static string Fix(ReadinessFacts facts, XElement disk, string target) => (string?)disk.Attribute("device") is "cdrom" or "floppy"
        ? FixCommand.Eject(facts, target)
        : FixCommand.CopyFile(facts, DiskPath.Of(disk)!);
}
