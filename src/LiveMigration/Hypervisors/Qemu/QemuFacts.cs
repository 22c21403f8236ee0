using LiveMigration.Interop.Qmp;
using LiveMigration.Units;

namespace LiveMigration.Hypervisors.Qemu;

/// <summary>What a QEMU says of itself at one time. Sizes are bytes; null is what it does not say.</summary>
internal sealed record QemuFacts
{
    internal string? Name { get; init; }

    internal Version? Version { get; init; }

    internal Guid Uuid { get; init; }

    internal string State { get; init; } = "";

    internal bool IsRunning { get; init; }

    internal string? Migration { get; init; }

    internal string? Machine { get; init; }

    internal bool IsKvm { get; init; }

    internal int? Cpus { get; init; }

    internal int? MaxCpus { get; init; }

    /// <summary>Sockets, dies, cores and threads, as <c>-smp</c> has them; null where QEMU does not say.</summary>
    internal string? Topology { get; init; }

    internal long? Memory { get; init; }

    internal long? MaxMemory { get; init; }

    internal int? MemorySlots { get; init; }

    internal IReadOnlyList<QemuDisk> Disks { get; init; } = ItemList<QemuDisk>.Empty;

    internal IReadOnlyList<string> Blockers { get; init; } = ItemList<string>.Empty;

    /// <summary>The capabilities of its migrations, and whether each is on.</summary>
    internal IReadOnlyDictionary<string, bool> Capabilities { get; init; } = new Dictionary<string, bool>();

    /// <summary>The parameters of its migrations.</summary>
    internal IReadOnlyDictionary<string, object> Parameters { get; init; } = new Dictionary<string, object>();

    /// <summary>Asks; all at once, as QMP has it answer one after the other.</summary>
    internal static async Task<QemuFacts> AskAsync(QmpClient monitor, CancellationToken cancellationToken)
    {
        var name = monitor.QueryNameAsync(cancellationToken);
        var uuid = monitor.QueryUuidAsync(cancellationToken);
        var status = monitor.QueryStatusAsync(cancellationToken);
        var migration = monitor.QueryMigrationAsync(cancellationToken);
        var machine = monitor.QueryMachineTypeAsync(cancellationToken);
        var kvm = monitor.QueryKvmAsync(cancellationToken);
        var topology = monitor.QueryTopologyAsync(cancellationToken);
        var memory = monitor.QueryMemoryAsync(cancellationToken);
        var drives = monitor.QueryBlockAsync(cancellationToken);
        var capabilities = monitor.QueryMigrationCapabilitiesAsync(cancellationToken);
        var parameters = monitor.QueryMigrationParametersAsync(cancellationToken);
        await Task.WhenAll(name, uuid, status, migration, machine, kvm, topology, memory, drives, capabilities, parameters).ConfigureAwait(false);
        var (state, job) = (await status.ConfigureAwait(false), await migration.ConfigureAwait(false));
        var (cpus, ram) = (await topology.ConfigureAwait(false), await memory.ConfigureAwait(false));
        return new QemuFacts
        {
            Name = await name.ConfigureAwait(false) is { Length: > 0 } given ? given : null,
            Version = monitor.QemuVersion,
            Uuid = await uuid.ConfigureAwait(false),
            State = state.Status,
            IsRunning = state.Running,
            Migration = job.Status is "none" ? null : job.Status,
            Machine = await machine.ConfigureAwait(false),
            IsKvm = await kvm.ConfigureAwait(false),
            Cpus = cpus?.Cpus,
            MaxCpus = cpus?.MaxCpus,
            Topology = cpus?.Sockets is null ? null : $"sockets={cpus.Sockets},dies={cpus.Dies ?? 1},cores={cpus.Cores},threads={cpus.Threads}",
            Memory = ram?.Size,
            MaxMemory = ram is null ? null : ram.MaxSize ?? ram.Size,
            MemorySlots = ram is null ? null : ram.Slots ?? 0,
            Disks = ItemList<QemuDisk>.Of([.. (await drives.ConfigureAwait(false)).Select(Disk).OfType<QemuDisk>()]),
            Blockers = ItemList<string>.Of(job.BlockedReasons ?? []),
            Capabilities = (await capabilities.ConfigureAwait(false)).ToDictionary(capability => capability.Capability, capability => capability.State),
            Parameters = await parameters.ConfigureAwait(false),
        };
    }

    private static QemuDisk? Disk(QmpBlockInfo drive)
    {
        if (drive.Inserted is not { } medium)
            return null;
        var name = drive.Qdev is { Length: > 0 } qdev ? Device(qdev) : drive.Device is { Length: > 0 } device ? device : medium.NodeName ?? "disk";
        return new QemuDisk(name, medium.NodeName, medium.Image?.Filename ?? medium.File, medium.Drv, medium.Image?.VirtualSize, medium.Ro)
        {
            Backing = [.. Below(medium.Image).Select(image => image.Filename ?? "")],
            BackingForms = [.. Below(medium.Image).Select(image => (image.Format, image.VirtualSize))],
            ActualSize = medium.Image?.ActualSize,
            HasDataFile = medium.Image is { } top && Below(top).Prepend(top).Any(image => image.FormatSpecific?.Data?.DataFile is not null),
        };
    }

    private static IEnumerable<QmpImage> Below(QmpImage? image)
    {
        for (var below = image?.BackingImage; below is not null; below = below.BackingImage)
            yield return below;
    }

    /// <summary>The id in a path of QEMU's object model: <c>/machine/peripheral/disk0/virtio-backend</c> is <c>disk0</c>.</summary>
    private static string Device(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["machine", "peripheral", var id, ..] ? id : path;
}
