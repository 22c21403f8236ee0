using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Hypervisors.Qemu.Comparison;
using LiveMigration.Planning;
using LiveMigration.Readiness.Qemu;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Migration.Qemu;

/// <summary>What is in the way of a migration between two QEMUs. All of it is told at once.</summary>
internal static class QemuMigrationRules
{
    /// <summary>From this QEMU on, it writes and reads files itself.</summary>
    private static readonly Version FilesSince = new(8, 2);

    /// <param name="source">The QEMU that the guest leaves.</param>
    /// <param name="destination">The QEMU that it goes to.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="refuseDifferences">Whether it is refused that they were not started alike; if not, readiness checks do that.</param>
    /// <returns>The disks that are copied.</returns>
    internal static IReadOnlyList<QemuDiskCopy> Check(QemuProcess source, QemuProcess destination, MigrationOptions options, bool refuseDifferences)
    {
        var copies = new List<QemuDiskCopy>();
        Refuse(source, destination, Find(source, destination, options, copies).Where(reason => refuseDifferences || reason.Kind is not QemuRefusalKind.Difference));
        return copies;
    }

    /// <summary>Throws if there is any reason; the error names all of them.</summary>
    /// <exception cref="LiveMigrationException">There is one.</exception>
    internal static void Refuse(QemuProcess source, QemuProcess destination, IEnumerable<QemuRefusal> reasons)
    {
        QemuRefusal[] all = [.. reasons];
        if (all.Length > 0)
        {
            throw new LiveMigrationException(
                all[0].Fault,
                $"'{source}' cannot be migrated from {source.PlaceBeside(destination)} to {destination.PlaceBeside(source)}: {string.Join(" ", all.Select(reason => reason.Why))}",
                source.HostName);
        }
    }

    /// <summary>All that is in the way; the disks that are copied are put into the list.</summary>
    internal static IReadOnlyList<QemuRefusal> Find(QemuProcess source, QemuProcess destination, MigrationOptions options, List<QemuDiskCopy> copies) =>
    [
        .. Foreign(options).Select(why => new QemuRefusal(QemuRefusalKind.Options, Faults.ContradictingOptions, why)),
        .. Transports(source, destination, options).Select(why => new QemuRefusal(QemuRefusalKind.Options, Faults.ContradictingOptions, why)),
        .. States(source, destination).Select(state => new QemuRefusal(QemuRefusalKind.State, state.Fault, state.Why)),
        .. source.Blockers.Select(blocker => new QemuRefusal(QemuRefusalKind.Blocker, Faults.NotSupported, $"QEMU refuses: {blocker.TrimEnd('.')}.")),
        .. MachineRules.Compare(source.Facts, destination.Facts).Where(MachineRules.IsRefused).Select(difference => new QemuRefusal(QemuRefusalKind.Difference, Faults.DeviceStateRejected, difference.Sentence)),
        .. Disks(source, destination, options.Storage, copies).Select(disk => new QemuRefusal(QemuRefusalKind.Disk, disk.Fault, disk.Why)),
        .. Wishes(source, destination, options).Select(why => new QemuRefusal(QemuRefusalKind.Options, Faults.NotSupportedByVersion, why)),
    ];

    /// <summary>What libvirt does, and QEMU alone does not.</summary>
    private static IEnumerable<string> Foreign(MigrationOptions options)
    {
        (bool Given, string Name)[] foreign =
        [
            (options.Mode is not (MigrationMode.Auto or MigrationMode.Direct), "-Mode"),
            (options.Offline, "-Offline"),
            (options.KeepSource, "-KeepSource"),
            (options.NewName is not null, "-NewName"),
            (options.DestinationUri is not null, "-DestinationUri"),
            (options.DestinationXml is not null, "-DestinationXml"),
            (options.DiskMap.Count > 0, "-DiskMap"),
            (options.NetworkMap.Count > 0, "-NetworkMap"),
            (options.GraphicsListen is not null, "-GraphicsListen"),
            (options.CpuAffinity is not null, "-MigrationCpuAffinity"),
            (options.Storage.BaseCheck is not BaseCheck.Full, "-BaseCheck"),
            (options.Storage.SourceDisk is not SourceDisk.Keep, "-SourceDisk"),
            (options.Compression is MigrationCompression.Mt, "-Compression Mt"),
        ];
        foreach (var (given, name) in foreign)
        {
            if (given)
                yield return $"{name} is for VMs of libvirt.";
        }
    }

    /// <summary>Ways to the destination that are not possible, or only half said.</summary>
    private static IEnumerable<string> Transports(QemuProcess source, QemuProcess destination, MigrationOptions options)
    {
        var (uri, listen) = (options.MigrationUri, options.ListenAddress);
        if (uri?.StartsWith("fd:", StringComparison.Ordinal) is true)
            yield return "-MigrationUri fd: needs a descriptor that both were given, which cannot be passed from here: on one machine omit -MigrationUri, and memory is sent over a UNIX socket.";
        if (!QemuUri.IsOneWay(uri) && !QemuUri.IsOneWay(listen))
            yield break;
        if (QemuUri.IsExec(uri) != QemuUri.IsExec(listen))
            yield return "-MigrationUri exec:COMMAND is what the source runs, and -ListenAddress exec:COMMAND what the destination runs: specify both.";
        else if (QemuUri.IsFile(listen) && !QemuUri.IsFile(uri))
            yield return "-ListenAddress file:PATH is where the destination finds the file of -MigrationUri file:PATH: specify both.";
        else if (QemuUri.IsFile(uri) && listen is not null && !QemuUri.IsFile(listen))
            yield return "With -MigrationUri file:PATH the destination does not listen: -ListenAddress is file:PATH, where it finds the same file, or omitted where that is the same path.";
        foreach (var path in new[] { uri, listen }.Where(QemuUri.IsFile).Select(file => QemuUri.PathOf(file!)))
        {
            if (path is not ['/', ..] || path.StartsWith("/dev/", StringComparison.Ordinal) || path.Contains(",offset=", StringComparison.Ordinal))
                yield return $"file:{path} is not the absolute path of a new file: file:PATH takes nothing else.";
        }

        foreach (var (process, place) in new[] { (source, source.PlaceBeside(destination)), (destination, destination.PlaceBeside(source)) })
        {
            if (QemuUri.IsFile(uri) && !(process.QemuVersion >= FilesSince))
                yield return $"-MigrationUri file: needs QEMU {FilesSince}; {place} has {process.QemuVersion}.";
            if (!(process.QemuVersion >= QemuStreamNonce.Since) || !process.Facts.Capabilities.TryGetValue(QemuStreamNonce.Capability, out var bitmaps))
                yield return $"exec: and file: need QEMU {QemuStreamNonce.Since} with the capability {QemuStreamNonce.Capability}, which proves that the destination has read this migration and no older one; {place} has {process.QemuVersion}.";
            else if (bitmaps)
                yield return $"The capability {QemuStreamNonce.Capability} is on at {place}, and is needed to prove that the destination has read this migration: switch it off, or migrate through tcp: or unix:.";
        }

        (bool Given, string Name)[] sockets = [(options.MayPostCopy, "-PostCopy"), (options.Parallel is not null, "-Parallel"), (options.Tls is MigrationTls.Required, "-Tls Required")];
        foreach (var (given, name) in sockets)
        {
            if (given)
                yield return $"{name} needs a connection: tcp: or unix:.";
        }
    }

    private static IEnumerable<(Fault Fault, string Why)> States(QemuProcess source, QemuProcess destination)
    {
        var place = source.PlaceBeside(destination);
        if (QemuStatus.IsUnderWay(source.Migration) || source.Migration is "postcopy-paused")
            yield return (Faults.MigrationInProgress, $"A migration of it is in progress ({source.Migration}).");
        else if (source.State is "inmigrate")
            yield return (Faults.QemuStateWrong, $"The QEMU at {place} waits for a guest itself.");
        else if (source.State is "postmigrate")
            yield return (Faults.QemuStateWrong, $"It was migrated or saved before, and is stopped for it (postmigrate). If it runs nowhere else, continue it first: Invoke-QmpCommand cont.");
        if (destination.State is not "inmigrate")
            yield return (Faults.QemuStateWrong, $"The QEMU at {destination.PlaceBeside(source)} is {destination.State}: it was not started with -incoming defer.");
        else if (destination.Migration is not (null or "setup"))
            yield return (Faults.QemuStateWrong, $"The QEMU at {destination.PlaceBeside(source)} has taken part in a migration ({destination.Migration}) and cannot in another: start a new one.");
    }

    /// <summary>
    /// A disk stays where it is on proof that both reach the same bytes, or where the user says that they do. What the destination has in the
    /// place of another is overwritten only where that was asked for, and never where it may be the same after all.
    /// </summary>
    private static IEnumerable<(Fault Fault, string Why)> Disks(QemuProcess source, QemuProcess destination, StorageOptions storage, List<QemuDiskCopy> copies)
    {
        foreach (var stranger in storage.AssumeShared.Concat(storage.Disks).Where(name => source.Disks.All(disk => !IsNamed(disk, name))))
            yield return (Faults.ContradictingOptions, $"There is no disk '{stranger}'. It has {(source.Disks.Count == 0 ? "none" : string.Join(", ", source.Disks.Select(disk => disk.Name)))}.");
        foreach (var disk in source.Disks.Where(disk => !disk.ReadOnly))
        {
            var assumed = storage.AssumeShared.Any(name => IsNamed(disk, name));
            if (destination.Disks.FirstOrDefault(other => other.Name == disk.Name) is not { } other)
            {
                yield return (Faults.DiskNotShared, $"The destination has no disk '{disk}'.");
                continue;
            }

            if (disk.Size is { } size && other.Size is { } there && size != there)
                yield return (Faults.DiskNotShared, $"Disk '{disk}' has {Size(size)}, and at the destination {Size(there)}.");
            else if (assumed || QemuDiskEvidence.IsShared(source, disk, destination, other))
                continue;
            else if (!IsCopied(disk, storage))
                yield return (Faults.DiskNotShared, $"It is not known whether disk '{disk}' ({disk.File}) is the same at the destination ({other.File}): where it is, say -AssumeShared {disk}; to copy it over what is there, -CopyStorage Full.");
            else if (disk.File == other.File && (IsNoLocalFile(disk.File) || IsOneMachine(source, destination)))
                yield return (Faults.DiskNotShared, $"Disk '{disk}' cannot be copied over {other.File}, which it may be itself.");
            else if (other.ReadOnly || disk.Node is null || other.Node is null)
                yield return (Faults.DiskNotShared, $"Disk '{disk}' cannot be copied: at the destination it is {(other.ReadOnly ? "read-only" : "without a node")}.");
            else
                copies.Add(new QemuDiskCopy(disk, other, copies.Count));
        }
    }

    /// <summary>A device or a network's disk has one name wherever it is reached.</summary>
    private static bool IsNoLocalFile(string? file) => file is not ['/', ..] || file.StartsWith("/dev/", StringComparison.Ordinal);

    private static bool IsOneMachine(QemuProcess source, QemuProcess destination) =>
        source.HostName == destination.HostName || (IsLoopback(source.HostName) && IsLoopback(destination.HostName));

    private static bool IsLoopback(string host) => host is "localhost" || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));

    private static bool IsCopied(QemuDisk disk, StorageOptions storage) =>
        storage.Copy is CopyStorage.Full or CopyStorage.Incremental && (storage.Disks.Count == 0 || storage.Disks.Any(name => IsNamed(disk, name)));

    private static bool IsNamed(QemuDisk disk, string name) => disk.Name == name || disk.Node == name;

    private static IEnumerable<string> Wishes(QemuProcess source, QemuProcess destination, MigrationOptions options)
    {
        (bool Wished, string Name, string Capability, bool Both)[] wishes =
        [
            (options.AutoConverge, "-AutoConverge", "auto-converge", false),
            (options.Compression is MigrationCompression.Xbzrle, "-Compression Xbzrle", "xbzrle", true),
            (options.Parallel is not null, "-Parallel", "multifd", true),
            (options.ZeroCopy, "-ZeroCopy", "zero-copy-send", false),
            (options.MayPostCopy, "-PostCopy", "postcopy-ram", true),
        ];
        foreach (var (wished, name, capability, both) in wishes)
        {
            foreach (var lacking in new[] { source, destination }.Where(process => wished && (both || process == source) && !process.Facts.Capabilities.ContainsKey(capability)))
                yield return $"{name} needs QEMU's capability {capability}, which QEMU {lacking.QemuVersion} at {lacking.Address} does not have.";
        }

        if (options.Compression is MigrationCompression.Zlib or MigrationCompression.Zstd)
        {
            foreach (var lacking in new[] { source, destination }.Where(process => !process.Facts.Parameters.ContainsKey("multifd-compression")))
                yield return $"-Compression {options.Compression} needs multifd-compression, which QEMU {lacking.QemuVersion} at {lacking.Address} does not have.";
        }

        if (options is { MayPostCopy: true, Parallel: not null })
            yield return "-PostCopy and -Parallel exclude each other in most versions of QEMU, and where 7.x takes them together it loses the guest.";
    }

    private static string Size(long? bytes) => bytes is { } known ? $"{new ByteSize(known)}" : "an unknown amount";
}
