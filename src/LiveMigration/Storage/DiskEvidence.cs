using LiveMigration.Domains;

namespace LiveMigration.Storage;

/// <summary>Facts of both hosts → who can reach a disk, and why we think so. The only place where that is decided.</summary>
internal static class DiskEvidence
{
    /// <summary>Who can reach the image itself, whatever lies below it, where the user's word counts for what is not known.</summary>
    internal static DiskVerdict Judge(DiskFacts facts, StorageOptions options, string source, string destination) =>
        Said(Judge(facts, source, destination), facts.Disk.Target, options);

    private static DiskVerdict Said(DiskVerdict verdict, string target, StorageOptions options) =>
        options.AssumeShared.Contains(target) ? verdict.Assumed(target) : verdict;

    /// <summary>By facts alone.</summary>
    internal static DiskVerdict Judge(DiskFacts facts, string source, string destination)
    {
        var image = facts.Disk.Image;
        return image.Type switch
        {
            "file" or "block" or "volume" or "network" or "dir" when facts.Disk.Source is null => new DiskVerdict(StorageAccess.None, "There is no medium."),
            "network" => NetworkEvidence.Judge(image, facts.There ?? image, facts, source, destination),
            "nvme" => DiskVerdict.Local($"The disk is a PCI device of {source}."),
            "dir" => DiskVerdict.Unknown($"QEMU builds the disk from the folder {image.Path} of {source}; what that folder holds on {destination} is unknown."),
            "vhostuser" => DiskVerdict.Unknown($"A process on {source} serves the disk through {image.Path}; what a process on {destination} serves there is unknown."),
            "vhostvdpa" => DiskVerdict.Unknown($"The disk is the device {image.Path} of {source}; what that device holds on {destination} is unknown."),
            "file" or "block" when facts.DestinationPath is null => DiskVerdict.Unknown($"It is unknown where {image} is on {destination}."),
            "file" or "block" when DeviceName.IsDevice(image.Path) => DeviceEvidence.Judge(facts, source, destination),
            "file" or "block" => FileEvidence.Judge(facts, source, destination),
            "volume" => DiskVerdict.Unknown(
                $"Pool '{image.Pool}' on {source} does not report where volume '{image.Volume}' is.", $"An active pool '{image.Pool}' of the same servers on both hosts would prove it."),
            _ => DiskVerdict.Unknown($"The disk is of type '{image.Type}': where its data is stored is unknown."),
        };
    }

    /// <summary>The first of the files below an image that the destination is not proven to have; null when it has all of them.</summary>
    internal static DiskVerdict? Missing(DiskFacts facts, StorageOptions options, string source, string destination) => facts.Base is { IsSame: true }
        ? null
        : facts.Below
            .Select(layer => (Layer: layer.Disk.Image, Verdict: Said(Judge(layer, source, destination), facts.Disk.Target, options)))
            .Where(below => !below.Verdict.IsShared)
            .Select(below => below.Verdict with { Evidence = $"The disk is read from {below.Layer} as well. {below.Verdict.Evidence}" })
            .FirstOrDefault();
}
