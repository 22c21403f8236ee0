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

    /// <summary>Something of a disk that the user should know.</summary>
    /// <param name="Text">The sentence.</param>
    /// <param name="IsDanger">Whether the guest would find other data than it remembers, and damage them, if it ran.</param>
    internal readonly record struct DiskFinding(string Text, bool IsDanger);

    /// <summary>What is to be said of the disks: a state belongs to them as they were when it was saved.</summary>
    /// <param name="saved">What was written down; null where that is not there.</param>
    /// <param name="now">The disks of the QEMU that is to have it, but those that it only reads.</param>
    internal static IEnumerable<DiskFinding> OfDisks(SavedState? saved, IReadOnlyList<SavedDisk> now)
    {
        var missing = saved?.Disks.ToList() ?? [];
        foreach (var disk in now)
        {
            var then = saved?.Disks.FirstOrDefault(other => other.Name == disk.Name) ?? saved?.Disks.FirstOrDefault(other => other.File == disk.File);
            if (then is not null)
                missing.Remove(then);
            if (then is null || then.Changed is null || disk.Changed is null)
                yield return new($"{disk}: whether {disk.File} is as it was when the state was saved is not known.", IsDanger: false);
            else if (then.File != disk.File)
                yield return new($"{disk}: {disk.File} has to be a copy of {then.File} as it was at {then.Changed:u}; whether it is, is not known.", IsDanger: false);
            else if (then.Changed != disk.Changed)
                yield return new($"{disk}: {disk.File} was changed at {disk.Changed:u}, after the state was saved: the guest would find other data than it remembers, and damage them.", IsDanger: true);
        }

        foreach (var disk in missing)
            yield return new($"{disk}: the guest wrote to {disk.File} when its state was saved, and the QEMU that waits does not have that disk, or only reads it.", IsDanger: true);
    }

    /// <summary>Whether the guest may run over its disks as they are.</summary>
    /// <param name="found">What is to be said of them.</param>
    /// <param name="runs">Whether it is to run.</param>
    /// <param name="title">The state, as the beginning of a sentence.</param>
    /// <param name="host">The host.</param>
    /// <exception cref="LiveMigrationException">It would damage them.</exception>
    internal static void CheckDisks(IReadOnlyList<DiskFinding> found, bool runs, string title, string host)
    {
        if (runs && found.Where(finding => finding.IsDanger).Select(finding => finding.Text).ToArray() is { Length: > 0 } dangers)
            throw new LiveMigrationException(Faults.StateDoesNotFit, $"{title} was not restored on {host}, as its VM must not run over its disks as they are. {string.Join(' ', dangers)} With -Paused it is restored nevertheless, and does not run.", host);
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
