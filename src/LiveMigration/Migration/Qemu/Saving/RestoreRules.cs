using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Streams;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>Whether a state fits a QEMU and its disks. Pure. QEMU itself would find out, and could be used for nothing else then.</summary>
internal static class RestoreRules
{
    private const int UsualPage = 4096;

    /// <summary>Targets whose pages have that size always.</summary>
    private static readonly HashSet<string> OfUsualPages = ["x86_64", "i386", "s390x", "ppc64", "riscv64", "riscv32", "loongarch64"];

    /// <summary>What a QEMU says of itself that a stream has to fit.</summary>
    internal sealed record Twin(string? Machine, long? Memory, Guid Uuid, string? Architecture, IReadOnlySet<string> Capabilities)
    {
        internal static Twin Of(QemuProcess process, string? architecture) =>
            new(process.Machine, process.Memory, process.Uuid, architecture, process.Facts.Capabilities.Keys.ToHashSet());
    }

    /// <summary>All that does not fit, as sentences.</summary>
    internal static IEnumerable<string> Misfits(MigrationStream stream, Twin twin)
    {
        if (stream.Machine is { } machine && twin.Machine is { } type && machine != type)
            yield return $"it is of the machine type {machine}, and QEMU was started with {type}.";
        if (twin.Architecture is { } architecture && OfUsualPages.Contains(architecture) && stream.PageSize != UsualPage)
            yield return $"its pages have {stream.PageSize} bytes, and those of {architecture} {UsualPage}.";
        if (twin.Memory is { } memory && stream.RamBlocks.Count > 0 && (stream.Memory < memory || stream.RamBlocks.Max(block => block.Length) > memory))
            yield return $"it has {stream.Memory} bytes of memory, the largest block {stream.RamBlocks.Max(block => block.Length)}, and QEMU was started with {memory} (-m).";
        foreach (var capability in stream.Capabilities.Where(capability => !twin.Capabilities.Contains(capability)))
            yield return $"it needs the capability {capability}, which this QEMU does not have.";
        if (stream.Uuid is { } uuid && twin.Uuid != Guid.Empty && uuid != twin.Uuid)
            yield return $"it is of the UUID {uuid}, and QEMU was started with {twin.Uuid}.";
    }

    /// <summary>What is to be said of the disks: a state belongs to them as they were when it was saved.</summary>
    /// <param name="saved">What was written down; null where that is not there.</param>
    /// <param name="now">The disks of the QEMU that is to have it.</param>
    internal static IEnumerable<string> OfDisks(SavedState? saved, IReadOnlyList<SavedDisk> now)
    {
        foreach (var disk in now)
        {
            var then = saved?.Disks.FirstOrDefault(other => other.Name == disk.Name) ?? saved?.Disks.FirstOrDefault(other => other.File == disk.File);
            if (then is null || then.Changed is null || disk.Changed is null)
                yield return $"{disk}: whether {disk.File} is as it was when the state was saved is not known.";
            else if (then.File != disk.File)
                yield return $"{disk}: {disk.File} has to be a copy of {then.File} as it was at {then.Changed:u}; whether it is, is not known.";
            else if (then.Changed != disk.Changed)
                yield return $"{disk}: {disk.File} was changed at {disk.Changed:u}, after the state was saved: the guest would find other data than it remembers, and damage them.";
        }
    }

    /// <summary>Whether the guest is to run: as it did when it was saved. A stream alone says that a guest was paused which was stopped to be saved.</summary>
    internal static bool Runs(SavedState? saved, string? runState, bool paused) => !paused && (saved?.WasRunning ?? runState is null or "running");

    /// <exception cref="LiveMigrationException">Something does not fit.</exception>
    internal static void Check(MigrationStream stream, Twin twin, string title, string host)
    {
        if (Misfits(stream, twin).ToArray() is { Length: > 0 } misfits)
            throw new LiveMigrationException(Faults.StateDoesNotFit, $"{title} does not fit the QEMU that waits for it on {host}: {string.Join(' ', misfits)}", host);
    }
}
