using System.Text.RegularExpressions;
using LiveMigration.Domains;

namespace LiveMigration.Storage;

/// <summary>Whether a block device of both hosts is one device: the same name says nothing, unless the name says which device it is.</summary>
internal static partial class DeviceEvidence
{
    internal static DiskVerdict Judge(DiskFacts facts, string source, string destination)
    {
        var (here, there) = (facts.Disk.Source!, facts.DestinationPath!);
        if (IsSame(facts.SourceVolume, facts.DestinationVolume) is { } same)
        {
            return same
                ? DiskVerdict.Shared($"{here} on {source} and {there} on {destination} are the same device ({facts.SourceVolume!.Key}).")
                : DiskVerdict.Local($"{here} on {source} ({facts.SourceVolume!.Key}) and {there} on {destination} ({facts.DestinationVolume!.Key}) are different devices.");
        }

        const string proof = "A name by its WWN (/dev/disk/by-id/wwn-…), or a pool of type logical, scsi or iscsi with it on both hosts, would prove it.";
        if (here != there)
            return DiskVerdict.Unknown($"{here} on {source} and {there} on {destination} could not be compared.", proof);
        if (NamesDevice(here))
            return DiskVerdict.Shared($"{here} names a device by its identity, so that it is the same device on every host that has it.");
        if (PortalOf(here).FirstOrDefault() is { Name: not null } server)
        {
            return ServerEvidence.Objection(server, facts, source, destination) is { } objection
                ? DiskVerdict.Unknown($"{here} is a device of the iSCSI server {server}, {objection}.", proof)
                : DiskVerdict.Shared($"{here} names a target and unit of the iSCSI server {server}{ServerEvidence.Caveat(server, facts, source, destination)}.");
        }

        return DiskVerdict.Unknown($"{here} is a block device on {source}; a device of that name on {destination} may be a different one.", proof);
    }

    /// <summary>The iSCSI server that a path names, if it names one.</summary>
    internal static IEnumerable<DiskServer> PortalOf(string? path) =>
        path is not null && Portal().Match(path) is { Success: true } portal ? [new DiskServer(portal.Groups["host"].Value)] : [];

    /// <summary>Whether two volumes are one device, by what identifies them; null where that is not unique.</summary>
    internal static bool? IsSame(Volume? here, Volume? there) =>
        here?.Key is { } key && there?.Key is { } other && IsUnique(key) && IsUnique(other) ? key == other : null;

    /// <summary>An LV's UUID, or the WWN of a SCSI device with a vendor in it; what emulators and <c>tgt</c> make up is the same everywhere.</summary>
    private static bool IsUnique(string key) => LogicalVolume().IsMatch(key) || WorldWideName().IsMatch(key);

    private static bool NamesDevice(string path) => Identity().IsMatch(path);

    [GeneratedRegex("^[A-Za-z0-9]{6}(-[A-Za-z0-9]{4}){5}-[A-Za-z0-9]{6}$")]
    private static partial Regex LogicalVolume();

    [GeneratedRegex("^(2[0-9a-f]{16}|3(?!.000000)[1-9a-f][0-9a-f]{15}([0-9a-f]{16})?)$")]
    private static partial Regex WorldWideName();

    [GeneratedRegex("^/dev/(disk/by-id/(wwn-0x(?!.000000)[1-9a-f][0-9a-f]{15}([0-9a-f]{16})?|(scsi-|dm-uuid-mpath-)(2[0-9a-f]{16}|3(?!.000000)[1-9a-f][0-9a-f]{15}([0-9a-f]{16})?)|nvme-(eui\\.(?!525400000000)(?!0{16})[0-9a-f]{16,32}|uuid\\.[0-9a-f-]{36})|dm-uuid-LVM-[A-Za-z0-9]{64})(-part[0-9]+)?|mapper/3(?!.000000)[1-9a-f][0-9a-f]{15}([0-9a-f]{16})?(-part[0-9]+|p[0-9]+)?)$")]
    private static partial Regex Identity();

    [GeneratedRegex("^/dev/disk/by-path/(pci-[^/]*-)?ip-(?<host>\\[[^\\]/]+\\]|[^/:]+|[0-9A-Fa-f:]+):[0-9]+-iscsi-[^/]+-lun-[0-9]+(-part[0-9]+)?$")]
    private static partial Regex Portal();
}
