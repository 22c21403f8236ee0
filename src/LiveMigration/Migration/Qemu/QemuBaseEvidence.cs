using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;

namespace LiveMigration.Migration.Qemu;

/// <summary>Whether two overlays have the same backing files below them, so that only what is above has to be copied.</summary>
internal sealed class QemuBaseEvidence(QemuProcess source, QemuProcess destination, CancellationToken stop)
{
    /// <summary>The same copies; those of overlays only of what is above the backing file.</summary>
    /// <param name="copies">The disks that are copied.</param>
    /// <exception cref="LiveMigrationException">There is no overlay among them, or it is not proven that one has the same below it at the destination.</exception>
    internal async Task<IReadOnlyList<QemuDiskCopy>> ProveAsync(IReadOnlyList<QemuDiskCopy> copies)
    {
        if (copies.All(copy => copy.Source.Backing.Count == 0))
            throw new LiveMigrationException(Faults.NoBackingFile, $"-CopyStorage Incremental: {(copies.Count == 0 ? "no disk is copied" : $"{string.Join(", ", copies.Select(copy => copy.Name))} {(copies.Count == 1 ? "has" : "have")} no backing file")}.", source.HostName);
        var proven = new List<QemuDiskCopy>();
        foreach (var copy in copies)
            proven.Add(copy.Source.Backing.Count == 0 ? copy : await ProveAsync(copy).ConfigureAwait(false));
        return proven;
    }

    private async Task<QemuDiskCopy> ProveAsync(QemuDiskCopy copy)
    {
        var (here, there) = (copy.Source.Backing, copy.Destination.Backing);
        if (here.Count != there.Count)
            throw Differs(Faults.BackingFileMissing, copy, $"it has {here.Count} below it, and {copy.Destination.File} at the destination {there.Count}");
        if (DifferentForm(copy.Source, copy.Destination) is { } different)
            throw Differs(Faults.BackingFileDiffers, copy, different);
        var look = new QemuHostLook(source, destination, stop);
        foreach (var (mine, other) in here.Zip(there))
        {
            if (QemuDiskEvidence.IsSameFile(source, mine, destination, other))
                continue;
            if (mine is not ['/', ..] || other is not ['/', ..])
                throw Differs(Faults.BackingFileDiffers, copy, $"{mine} and {other} are no files that can be compared");
            var hashing = look.HashAsync(source, mine);
            var (hash, why) = await look.HashAsync(destination, other).ConfigureAwait(false);
            var (ours, silent) = await hashing.ConfigureAwait(false);
            if (ours is null || hash is null)
                throw Differs(Faults.BackingFileDiffers, copy, $"it is not known whether {mine} and {other} are the same: {silent ?? why ?? "one of them cannot be read"}");
            if (ours != hash)
                throw Differs(Faults.BackingFileDiffers, copy, $"{other} at the destination has another content than {mine}");
        }

        // What it contains already would stay where the source has nothing above its backing file.
        var (isEmpty, unknown) = await look.IsEmptyOverlayAsync(copy.Destination.File ?? "").ConfigureAwait(false);
        return isEmpty is true ? copy with { IsAboveBase = true }
            : throw Differs(Faults.BackingFileDiffers, copy, isEmpty is false ? $"{copy.Destination.File} at the destination contains data already" : $"it is not known whether {copy.Destination.File} at the destination is empty: {unknown ?? "qemu-img does not say"}");
    }

    /// <summary>The same bytes are another disk where they are opened as another format, or with data that is in a further file. Null, or what is in the way.</summary>
    internal static string? DifferentForm(QemuDisk source, QemuDisk destination)
    {
        if (source.HasDataFile || destination.HasDataFile)
            return "one of the images has its data in a further file, which is not compared";
        if (source.BackingForms.Count != source.Backing.Count || destination.BackingForms.Count != source.Backing.Count)
            return "QEMU does not say what its backing files are";
        for (var number = 0; number < source.Backing.Count; number++)
        {
            var (mine, other) = (source.BackingForms[number], destination.BackingForms[number]);
            var (file, there) = (source.Backing[number], destination.Backing[number]);
            if (mine.Format is not ("raw" or "qcow2"))
                return $"{file} is {mine.Format ?? "of an unknown format"}; only raw and qcow2 can be compared";
            if (mine != other || mine.Size is null)
                return $"{file} is {Form(mine)}, and {there} at the destination {Form(other)}";
        }

        return null;

        static string Form((string? Format, long? Size) image) =>
            $"{image.Format ?? "of an unknown format"} of {(image.Size is { } size ? $"{size} bytes" : "an unknown size")}";
    }

    private LiveMigrationException Differs(Fault fault, QemuDiskCopy copy, string why) =>
        new(fault, $"'{source}': {copy.Name} cannot be copied on top of its backing file: {why.TrimEnd('.')}. -CopyStorage Full copies it whole.", destination.HostName);
}
