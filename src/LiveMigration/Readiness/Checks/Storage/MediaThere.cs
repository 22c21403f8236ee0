using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Storage;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>LM086: an image in a drive is opened on the destination as well, unless libvirt may eject it.</summary>
internal sealed class MediaThere()
    : ReadinessCheck("LM086", "Transient disks and removable media can move", CheckCategory.Storage, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms")
{
    internal override Fault Fault => Faults.DiskNotAccessible;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        foreach (var disk in facts.TargetDevices("disk").Where(disk => disk.Element("source") is not null))
        {
            var target = (string?)disk.Element("target")?.Attribute("dev") ?? "";
            if (disk.Element("transient") is not null)
                yield return Broken("The changes on a transient disk are discarded: libvirt does not migrate them.", subject: target);
            if (disk.Element("transient") is not null || (disk.Element("readonly") is null && !DiskReader.IsDispensable(disk)))
                continue;
            foreach (var outcome in Look(facts, disk, target))
                yield return outcome;
        }
    }

    private static IEnumerable<Outcome> Look(ReadinessFacts facts, XElement disk, string target)
    {
        var (host, known) = (facts.Destination.Name, Known(facts, target));
        var isMedium = (string?)disk.Attribute("device") is "cdrom" or "floppy";
        if ((DiskPath.Of(disk) ?? known?.DestinationPath) is not { } path)
        {
            // A disk is LM078's.
            if (isMedium && known is not null && DiskEvidence.Judge(known, facts.Demand.Storage, facts.Source.Name, host) is { IsShared: false } unknown)
                yield return Doubtful($"It is not known whether the guest finds the same medium on {host}. {unknown.Evidence}", subject: target);
            yield break;
        }

        if (IsThere(facts, path, known) is not { } there)
            yield return Untold($"No active storage pool of {host} holds {path}.", target);
        else if (there)
            yield return isMedium && known is not null ? Compare(facts, disk, known, target) : Pass($"{host} has {path}.", target);
        else
            yield return DiskReader.IsDispensable(disk)
                ? Doubtful($"{host} has no {path}: libvirt ejects it on the way (startupPolicy='{(string?)disk.Element("source")?.Attribute("startupPolicy")}').", subject: target)
                : Broken($"{host} has no {path}.", Fix(facts, disk, path, target), target);
    }

    /// <summary>In a pool, outside of all, or named by pool and volume.</summary>
    private static bool? IsThere(ReadinessFacts facts, string path, DiskFacts? known) =>
        facts.Fit.Paths.Value.TryGetValue(path, out var there) || (facts.Fit.Files is { IsHad: true, Value: var files } && files.TryGetValue(path, out there)) ? there
        : known is not { DestinationPool.IsActive: true } ? null
        : known.DestinationPath == path ? known.DestinationVolume is not null : null;

    /// <summary>A file of that name may be another one: the guest would read other data without a word.</summary>
    private static Outcome Compare(ReadinessFacts facts, XElement disk, DiskFacts known, string target)
    {
        var (host, path) = (facts.Destination.Name, known.DestinationPath!);
        var verdict = DiskEvidence.Judge(known, facts.Demand.Storage, facts.Source.Name, host);
        return verdict.IsShared ? Pass($"{host} has {path}. {verdict.Evidence}", target)
            : known.Content is null ? Doubtful($"{host} has {path}, but it is not known whether its content is the same. {verdict.Evidence}", subject: target)
            : known.Content.IsSame ? Pass($"{known.Content.Finding}.", target)
            : DiskReader.IsDispensable(disk) ? Doubtful($"{host} has {path}, but not with the same content: {known.Content.Finding}.", subject: target)
            : Broken($"{host} has {path}, but not with the same content: {known.Content.Finding}.", FixCommand.Eject(facts, target), target);
    }

    private static DiskFacts? Known(ReadinessFacts facts, string target) =>
        facts.Fit.Disks is { IsHad: true, Value: var disks } ? disks.FirstOrDefault(disk => disk.Disk.Target == target) : null;

    /// <summary>A drive is emptied; a disk that cannot be written does without.</summary>
    private static string Fix(ReadinessFacts facts, XElement disk, string path, string target) => (string?)disk.Attribute("device") is "cdrom" or "floppy"
        ? FixCommand.Eject(facts, target)
        : FixCommand.CopyFile(facts, path);
}
