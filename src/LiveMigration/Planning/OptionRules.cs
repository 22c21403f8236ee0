using LiveMigration.Errors;
using LiveMigration.Security;
using LiveMigration.Storage;

namespace LiveMigration.Planning;

/// <summary>Options that contradict each other, or cannot be, whatever the hosts are.</summary>
internal static class OptionRules
{
    /// <summary>Throws one error that names every contradiction.</summary>
    internal static void Check(MigrationOptions options)
    {
        var broken = Broken(options).ToArray();
        if (broken.Length > 0)
            throw new LiveMigrationException(Faults.ContradictingOptions, string.Join(" ", broken));
    }

    private static IEnumerable<string> Broken(MigrationOptions options)
    {
        if (options.Parallel is < 1 or > 255)
            yield return $"-Parallel takes 1 to 255 connections, not {options.Parallel}.";
        if (options.MaxDowntime is { Milliseconds: < 1 or > 2_000_000 } downtime)
            yield return $"-MaxDowntime takes 1 ms to 2000 s, not {downtime}.";
        if (options.Compression is MigrationCompression.Xbzrle or MigrationCompression.Mt && options.Parallel is not null)
            yield return $"-Compression {options.Compression} works on a single channel, but -Parallel opens several: with -Parallel use Zlib or Zstd.";
        if (options.Compression is MigrationCompression.Zlib or MigrationCompression.Zstd && options.Parallel is null)
            yield return $"-Compression {options.Compression} requires several connections: add -Parallel.";
        foreach (var broken in BrokenStorage(options.Storage))
            yield return broken;
        if (options.DisksPort is < 1 or > 65535)
            yield return $"-DisksPort takes 1 to 65535, not {options.DisksPort}.";
        if (options is { DisksPort: not null, Storage.Copy: CopyStorage.None })
            yield return "-DisksPort applies only to copied disks, and -CopyStorage None copies none.";
        if (options is { KeepSource: true, Storage.SourceDisk: not SourceDisk.Keep })
            yield return $"-KeepSource keeps the definition on the source, but -SourceDisk {options.Storage.SourceDisk} takes its disks away.";
        foreach (var broken in BrokenTuning(options))
            yield return broken;
        if (options.OnTimeout is not null && options.Timeout is null)
            yield return "-OnTimeout requires -Timeout.";
        if (options.Timeout is { Milliseconds: < 1 })
            yield return "-Timeout must be more than 0.";
        if (options.StallTimeout.Milliseconds < 1000)
            yield return "-StallTimeout must be at least 1 s.";
        if (options.PrepareTimeout.Milliseconds < 1000)
            yield return "-PrepareTimeout must be at least 1 s.";
        if (options is { Mode: MigrationMode.Direct, DestinationUri: not null })
            yield return "-DestinationUri is used by the source host's daemon, which does not connect to the destination with -Mode Direct.";
        if (options.DestinationXml is not null && (options.DiskMap.Count > 0 || options.NetworkMap.Count > 0 || options.GraphicsListen is not null))
            yield return "-DestinationXml is the complete definition: it cannot be combined with -DiskMap, -NetworkMap or -GraphicsListen.";
        if (!options.Offline)
            yield break;
        foreach (var (given, name) in LiveOnly(options))
        {
            if (given)
                yield return $"-Offline moves only the definition: {name} applies only to running domains.";
        }
    }

    private static IEnumerable<string> BrokenStorage(StorageOptions storage)
    {
        if (storage is { Copy: CopyStorage.None, Disks.Count: > 0 })
            yield return "-Disk selects disks to copy, and -CopyStorage None copies none.";
        if (storage is { Copy: CopyStorage.None, SynchronousWrites: true })
            yield return "-SynchronousWrites applies only to copied disks, and -CopyStorage None copies none.";
        if (storage is { Copy: CopyStorage.None, SourceDisk: not SourceDisk.Keep })
            yield return $"-SourceDisk {storage.SourceDisk} applies only to copied disks, and -CopyStorage None copies none.";
        if (storage.Disks.Intersect(storage.AssumeShared).FirstOrDefault() is { } both)
            yield return $"-Disk copies {both}, and -AssumeShared leaves it where it is: name it in one of them.";
        if (storage.Disks.Distinct().Count() < storage.Disks.Count)
            yield return "-Disk names a disk twice.";
    }

    private static IEnumerable<string> BrokenTuning(MigrationOptions options)
    {
        if (options.AutoConvergeInitial is < 1 or > 99 || options.AutoConvergeIncrement is < 1 or > 99)
            yield return "-AutoConvergeInitial and -AutoConvergeIncrement take 1 to 99 percent.";
        if (!options.AutoConverge && (options.AutoConvergeInitial ?? options.AutoConvergeIncrement) is not null)
            yield return "-AutoConvergeInitial and -AutoConvergeIncrement require -AutoConverge.";
        if (options.XbzrleCache is not null && options.Compression is not MigrationCompression.Xbzrle)
            yield return "-XbzrleCache requires -Compression Xbzrle.";
        if (options.CompressionThreads is not null && options.Compression is not MigrationCompression.Mt)
            yield return "-CompressionThreads requires -Compression Mt; with Zlib or Zstd each connection of -Parallel has its own thread.";
        if (options.CompressionThreads is < 1 or > 255)
            yield return $"-CompressionThreads takes 1 to 255, not {options.CompressionThreads}.";
        if (options.CompressionLevel is { } level)
        {
            var (low, high) = Levels(options.Compression);
            if (level < low || level > high)
                yield return high < 0
                    ? $"-CompressionLevel requires -Compression Mt, Zlib or Zstd, not {options.Compression}."
                    : $"-CompressionLevel takes {low} to {high} with {options.Compression}, not {level}.";
        }

        if (options.ZeroCopy && options.Parallel is null)
            yield return "-ZeroCopy requires several connections: add -Parallel.";
        if (options.ZeroCopy && options.Compression is not MigrationCompression.None)
            yield return "-ZeroCopy sends pages unchanged: omit -Compression.";
        if (options is { ZeroCopy: true, Tls: MigrationTls.Required })
            yield return "-ZeroCopy sends pages unchanged, but -Tls Required encrypts them: omit one of the two.";
        if (options is { TlsName: not null, Tls: MigrationTls.Off })
            yield return "-TlsName applies only to an encrypted migration: omit -Tls Off.";
        if (options.RecoverPostCopy && !options.MayPostCopy)
            yield return "-RecoverPostCopy requires post-copy: add -PostCopy, -PostCopyAfterFirstPass or -OnTimeout PostCopy.";
        if (options.PostCopyBandwidth is not null && !options.MayPostCopy)
            yield return "-PostCopyBandwidth requires post-copy: add -PostCopy, -PostCopyAfterFirstPass or -OnTimeout PostCopy.";
        if (options.CpuAffinity is { } cpus && (cpus.Count == 0 || cpus.Any(cpu => cpu < 0)))
            yield return "-MigrationCpuAffinity takes one or more CPU numbers, from 0.";
    }

    private static (int Low, int High) Levels(MigrationCompression compression) => compression switch
    {
        MigrationCompression.Mt => (0, 9),
        MigrationCompression.Zlib => (1, 9),
        MigrationCompression.Zstd => (1, 20),
        _ => (0, -1),
    };

    private static (bool Given, string Name)[] LiveOnly(MigrationOptions options) =>
    [
        (options.Bandwidth is not null, "-Bandwidth"),
        (options.MaxDowntime is not null, "-MaxDowntime"),
        (options.AutoConverge, "-AutoConverge"),
        (options.Parallel is not null, "-Parallel"),
        (options.Compression is not MigrationCompression.None, "-Compression"),
        (options.Timeout is not null, "-Timeout"),
        (options.PostCopy, "-PostCopy"),
        (options.PostCopyAfterFirstPass, "-PostCopyAfterFirstPass"),
        (options.ZeroCopy, "-ZeroCopy"),
        (options.Storage.Copy is CopyStorage.Full or CopyStorage.Incremental, "-CopyStorage"),
        (options.Storage.Disks.Count > 0, "-Disk"),
        (options.Storage.AssumeShared.Count > 0, "-AssumeShared"),
        (options.Storage.AllowLosingSnapshots.Count > 0, "-AllowLosingSnapshots"),
        (options.Storage.SynchronousWrites, "-SynchronousWrites"),
        (options.Storage.SourceDisk is not SourceDisk.Keep, "-SourceDisk"),
        (options.CpuAffinity is not null, "-MigrationCpuAffinity"),
        (options.MigrationUri is not null, "-MigrationUri"),
        (options.ListenAddress is not null, "-ListenAddress"),
        (options.DisksPort is not null, "-DisksPort"),
    ];
}
