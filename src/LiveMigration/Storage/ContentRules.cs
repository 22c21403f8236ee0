using LiveMigration.Errors;

namespace LiveMigration.Storage;

/// <summary>What an image holds beside what its guest sees: a copy has to have it as well, or the image has to stay.</summary>
internal static class ContentRules
{
    internal static void Check(DiskFacts facts, DiskMove move, StorageOptions options, string source, string destination)
    {
        var isEncrypted = facts.Disk.Encrypted || facts.Header is { IsEncrypted: true };
        if (move is { MakesImage: true, Encryption: null } && (isEncrypted || (facts.Disk.LiesOnEncrypted && move.Backing is null)))
            throw Refuse($"{(isEncrypted ? $"{move.Source} is encrypted" : $"an image below {move.Source} is encrypted")}, and its image on {destination} would be created without encryption");
        if (!move.MakesImage && isEncrypted && facts is { GoesToDevice: false, DestinationVolume.IsEncrypted: false })
            throw Refuse($"{move.Source} is encrypted, and {move.Destination} on {destination} is not");
        // libvirt renames an image by a copy, for which it has the key.
        if (move.SourceDisk is SourceDisk.Rename && (isEncrypted || facts.SourceVolume is { IsEncrypted: true }))
            throw new LiveMigrationException(Faults.ImageHoldsMore, $"-SourceDisk Rename: {move.Source} cannot be renamed after the migration: it is encrypted, and libvirt's copy of it would not be.", source);
        if (facts.Header is { HasDataFile: true })
            throw Refuse($"the data of {move.Source} is in another file, which {destination} would look for as well");
        if (move.SourceDisk is SourceDisk.Keep || options.MayLoseSnapshots(move.Target))
            return;
        var later = $"-SourceDisk {move.SourceDisk}: {move.Source} cannot be {(move.SourceDisk is SourceDisk.Remove ? "removed" : "renamed")} after the migration";
        if (move.Loses is { } losses)
            throw new LiveMigrationException(Faults.ImageHoldsMore, $"{later}: it has {losses}, which the copy will not have. If you do not need them, add -AllowLosingSnapshots {move.Target}.", source);
        if (facts is { Header: null, SourceVolume.Format: "qcow2" })
            throw new LiveMigrationException(Faults.ImageHoldsMore, $"{later}: it could not be read whether it has internal snapshots.", source);

        LiveMigrationException Refuse(string reason) => new(Faults.ImageHoldsMore, $"{move.Target} cannot be copied: {reason}.", source);
    }

    /// <summary>What a copy will not have; libvirt copies what the guest sees now, and dirty bitmaps. Null where that is all.</summary>
    internal static string? Losses(DiskFacts facts) => facts.Header is { Snapshots: > 0 and var count }
        ? $"{count} internal snapshot{(count == 1 ? "" : "s")}"
        : null;
}
