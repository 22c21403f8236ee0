using LiveMigration.Domains;
using LiveMigration.Errors;

namespace LiveMigration.Storage;

/// <summary>Which disks may be copied at all.</summary>
internal static class CopyRules
{
    internal static void CheckNames(IReadOnlyList<DiskFacts> disks, StorageOptions options, string source)
    {
        var known = disks.Select(disk => disk.Disk.Target).ToList();
        foreach (var (option, names) in new[] { ("-Disk", options.Disks), ("-AssumeShared", options.AssumeShared), ("-AllowLosingSnapshots", options.AllowLosingSnapshots) })
        {
            if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
                throw new LiveMigrationException(Faults.NoSuchDisk, $"{option}: the domain has no '{unknown}'. Existing disks: {string.Join(", ", known)}.", source);
        }
    }

    /// <summary>A disk that was named is copied or refused, never left out in silence.</summary>
    internal static void CheckAsked(DiskFacts facts, DiskVerdict judgement, string source, string destination)
    {
        var disk = facts.Disk;
        if (disk.ReadOnly || disk.Removable || disk.Source is null)
            throw new LiveMigrationException(Faults.ReadOnlyDiskInCopy, $"{disk.Target} cannot be copied: it is {(disk.Removable ? "a removable medium" : disk.Source is null ? "empty" : "read-only")}.", source);
        if (disk.Shareable)
            throw new LiveMigrationException(Faults.SharedDiskInCopy, $"{disk.Target} cannot be copied: it is shared with other domains, which would continue to write to {disk.Source}.", source);
        if (facts.IsSameFile && facts.DestinationPath != disk.Source)
            throw new LiveMigrationException(Faults.SameImage, $"{disk.Target} cannot be copied: {facts.DestinationPath} on {destination} and {disk.Source} on {source} are the same file. {judgement.Evidence}", destination);
        if (judgement.Access is StorageAccess.Shared)
            throw new LiveMigrationException(Faults.SharedDiskInCopy, $"{disk.Target} cannot be copied: it is on storage that both hosts share. {judgement.Evidence}", source);
    }

    /// <summary>A disk stays where it is only on proof that the destination reaches the same bytes there.</summary>
    internal static void CheckLeft(DiskFacts facts, DiskVerdict judgement, StorageOptions options, string source, string destination)
    {
        var disk = facts.Disk;
        // What is in a drive is looked at by readiness (LM086): it may be missing, or be another one, where the guest does without.
        if (options.ImagesOnly || (disk.ReadOnly && disk.Removable) || judgement.Access is StorageAccess.None)
            return;
        // What nobody writes may be another file of the same content.
        if (disk.ReadOnly && facts.Content is { IsSame: true })
            return;
        // libvirt ejects it there.
        if (disk.IsDispensable && facts is { DestinationPool: not null, DestinationVolume: null })
            return;
        var verdict = judgement.IsShared ? DiskEvidence.Missing(facts, options, source, destination)
            : disk.ReadOnly && facts.Content is { IsThere: true } other ? DiskVerdict.Local($"{char.ToUpperInvariant(other.Finding[0])}{other.Finding[1..]}.")
            : judgement;
        if (verdict is null)
            return;
        var isKnown = verdict.Access is StorageAccess.Local;
        var known = isKnown ? $"{destination} does not access the same data" : $"it is not known whether {destination} accesses the same data";
        throw new LiveMigrationException(
            Faults.DiskNotShared,
            $"{disk.Target} would be left behind, but {known}. {verdict.Evidence} {Copy()}{(verdict.Proof is null ? "" : $" {verdict.Proof}")}{(isKnown ? "" : $" If you know that it does, add -AssumeShared {disk.Target}.")}", source) { Disk = disk.Target };

        string Copy() =>
            options.Copy is CopyStorage.None ? "-CopyStorage None copies no disk."
            : options.Disks.Count > 0 && !options.Disks.Contains(disk.Target) ? "-Disk does not name it."
            : disk.ReadOnly && isKnown && facts.DestinationVolume is not null
                ? $"A read-only disk is not copied, and {facts.DestinationPath} on {destination} is another file, which other VMs may use: do not overwrite it."
            : disk.ReadOnly ? $"A read-only disk is not copied: {destination} needs a copy of it at the same place."
            : disk.Shareable ? "A disk that other domains write to is not copied."
            : !DiskPlanner.IsWritable(disk) ? $"A disk of device '{disk.Device}' is not copied."
            : !StorageFacts.IsOnHost(disk) ? $"A disk of type '{disk.Type}' is not copied."
            : judgement.IsShared ? "The disk itself is shared, and not copied."
            : facts.GoesToDevice ? "It is copied to a device that -DiskMap names."
            : facts.DestinationVolume is not null ? $"It is not copied over {facts.DestinationPath}, which may be the same file."
            : "It cannot be copied.";
    }

    internal static void CheckSet(IReadOnlyList<DiskFacts> copied, StorageOptions options, string source, string destination)
    {
        if (options.Copy is not (CopyStorage.Full or CopyStorage.Incremental) && options.Disks.Count == 0)
            return;
        if (copied.Count == 0 && options.IsForMany)
            return;
        if (copied.Count == 0)
            throw new LiveMigrationException(Faults.SharedDiskInCopy, $"There is no disk to copy: {destination} can access all of them, or the guest cannot write to them.", source);
        if (options.Copy is not CopyStorage.Incremental)
            return;
        var overlays = copied.Where(disk => disk.Base is not null).ToList();
        if (overlays.Count == 0)
            throw new LiveMigrationException(Faults.NoBackingFile, $"-CopyStorage Incremental: {string.Join(", ", copied.Select(disk => disk.Disk.Target))} {(copied.Count == 1 ? "has" : "have")} no backing file.", source);
        foreach (var disk in overlays.Where(disk => !disk.Base!.IsSame))
        {
            throw new LiveMigrationException(
                disk.Base!.IsThere ? Faults.BackingFileDiffers : Faults.BackingFileMissing, $"{disk.Disk.Target} cannot be copied on top of its backing file: {disk.Base.Finding}.", destination);
        }
    }
}
