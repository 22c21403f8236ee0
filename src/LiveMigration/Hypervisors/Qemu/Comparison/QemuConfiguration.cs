using LiveMigration.Interop.Qmp;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>How a QEMU was started, and what was plugged in since: what it says of itself. Null is what it does not say.</summary>
internal sealed record QemuConfiguration
{
    /// <summary>More devices than that are not asked for their properties.</summary>
    internal const int MostDevices = 256;

    internal required QemuFacts Facts { get; init; }

    /// <summary>The machine's own properties.</summary>
    internal IReadOnlyDictionary<string, string?>? Machine { get; init; }

    /// <summary>The object type of the first CPU, without its ending: <c>qemu64</c>.</summary>
    internal string? CpuType { get; init; }

    /// <summary>The properties of the first CPU.</summary>
    internal IReadOnlyDictionary<string, string?>? Cpu { get; init; }

    internal IReadOnlyList<QmpRamBlock>? RamBlocks { get; init; }

    /// <summary>The devices of the command line, and those that were plugged in.</summary>
    internal IReadOnlyList<QemuDevice>? Devices { get; init; }

    /// <summary>The PCI devices, those of the machine itself among them.</summary>
    internal IReadOnlyList<QemuPciFunction>? Pci { get; init; }

    /// <summary>What the machine has beside that, by type: how many.</summary>
    internal IReadOnlyDictionary<string, int>? Board { get; init; }

    /// <summary>Asks. A large machine with QEMU before 10.1 takes some thousands of questions, which are sent without waiting for each answer.</summary>
    internal static async Task<QemuConfiguration> AskAsync(QmpClient monitor, QemuFacts facts, CancellationToken cancellationToken)
    {
        var machine = monitor.GetScalarsAsync("/machine", property => !property.Type.StartsWith("struct", StringComparison.Ordinal) && char.IsLower(property.Type[0]) | property.Type is "OnOffAuto", cancellationToken);
        var cpu = CpuAsync(monitor, cancellationToken);
        var blocks = monitor.QueryRamBlocksAsync(cancellationToken);
        var devices = DevicesAsync(monitor, cancellationToken);
        var pci = monitor.QueryPciAsync(cancellationToken);
        var board = monitor.ListObjectAsync("/machine/unattached", cancellationToken);
        await Task.WhenAll(machine, cpu, blocks, devices, pci, board).ConfigureAwait(false);
        var (type, features) = await cpu.ConfigureAwait(false);
        return new QemuConfiguration
        {
            Facts = facts,
            Machine = await machine.ConfigureAwait(false),
            CpuType = type,
            Cpu = features,
            RamBlocks = await blocks.ConfigureAwait(false),
            Devices = await devices.ConfigureAwait(false),
            Pci = await pci.ConfigureAwait(false) is { } buses ? [.. buses.SelectMany(bus => QemuPciFunction.Of(bus.Devices))] : null,
            Board = await board.ConfigureAwait(false) is { } parts ? Count(parts) : null,
        };
    }

    private static async Task<(string? Type, IReadOnlyDictionary<string, string?>? Features)> CpuAsync(QmpClient monitor, CancellationToken cancellationToken)
    {
        if (await monitor.QueryFirstCpuAsync(cancellationToken).ConfigureAwait(false) is not { } path)
            return (null, null);
        var all = await monitor.GetScalarsAsync(path, property => !property.Type.StartsWith("link<", StringComparison.Ordinal) && char.IsLower(property.Type[0]), cancellationToken).ConfigureAwait(false);
        var type = all?.GetValueOrDefault("type");
        return (type?.EndsWith("-cpu", StringComparison.Ordinal) is true && type[..^4].LastIndexOf('-') is > 0 and var end ? type[..end] : type, all);
    }

    private static async Task<IReadOnlyList<QemuDevice>?> DevicesAsync(QmpClient monitor, CancellationToken cancellationToken)
    {
        var found = new List<(string Path, string Type)>();
        foreach (var folder in new[] { "/machine/peripheral", "/machine/peripheral-anon" })
        {
            if (await monitor.ListObjectAsync(folder, cancellationToken).ConfigureAwait(false) is not { } children)
                return null;
            found.AddRange(children.Where(IsChild).Select(child => ($"{folder}/{child.Name}", TypeOf(child))));
        }

        if (found.Count > MostDevices)
            return null;
        var properties = await Task.WhenAll(found.Select(device => monitor.GetScalarsAsync(
            device.Path, property => !property.Type.StartsWith("link<", StringComparison.Ordinal) || property.Name is "parent_bus", cancellationToken))).ConfigureAwait(false);
        return QemuDevice.Placed([.. found.Zip(properties).Select(pair => new QemuDevice(pair.First.Path, pair.First.Type, pair.Second ?? new Dictionary<string, string?>()))]);
    }

    /// <summary>What has a state of its own: no memory, wires and buses, nothing that is on PCI, and no CPU.</summary>
    private static Dictionary<string, int> Count(QmpProperty[] parts) =>
        parts.Where(part => IsChild(part) && part.Name.StartsWith("device[", StringComparison.Ordinal) && !TypeOf(part).EndsWith("-cpu", StringComparison.Ordinal))
            .GroupBy(TypeOf, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    private static bool IsChild(QmpProperty property) => property.Type.StartsWith("child<", StringComparison.Ordinal);

    private static string TypeOf(QmpProperty child) => child.Type["child<".Length..^1];
}
