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

    /// <summary>Asks. A large machine with QEMU before 10.1 takes some thousands of questions, of which a few are under way at a time.</summary>
    /// <param name="monitor">The QEMU.</param>
    /// <param name="facts">What it said of itself before.</param>
    /// <param name="enough">Ends the questions: what was not answered until then is not known.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<QemuConfiguration> AskAsync(QmpClient monitor, QemuFacts facts, CancellationToken enough, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough, cancellationToken);
        var until = either.Token;
        var machine = KnownAsync(
            monitor.GetScalarsAsync("/machine", property => !property.Type.StartsWith("struct", StringComparison.Ordinal) && char.IsLower(property.Type[0]) | property.Type is "OnOffAuto", until), cancellationToken);
        var cpu = KnownAsync(CpuAsync(monitor, until), cancellationToken);
        var blocks = KnownAsync(monitor.QueryRamBlocksAsync(until), cancellationToken);
        var devices = KnownAsync(DevicesAsync(monitor, until, cancellationToken), cancellationToken);
        var pci = KnownAsync(monitor.QueryPciAsync(until), cancellationToken);
        var board = KnownAsync(monitor.ListObjectAsync("/machine/unattached", until), cancellationToken);
        await Task.WhenAll(machine, cpu, blocks, devices, pci, board).ConfigureAwait(false);
        var features = await cpu.ConfigureAwait(false);
        var type = features?.GetValueOrDefault("type");
        return new QemuConfiguration
        {
            Facts = facts,
            Machine = await machine.ConfigureAwait(false),
            CpuType = type?.EndsWith("-cpu", StringComparison.Ordinal) is true && type[..^4].LastIndexOf('-') is > 0 and var end ? type[..end] : type,
            Cpu = features,
            RamBlocks = await blocks.ConfigureAwait(false),
            Devices = await devices.ConfigureAwait(false),
            Pci = await pci.ConfigureAwait(false) is { } buses ? [.. buses.SelectMany(bus => QemuPciFunction.Of(bus.Devices))] : null,
            Board = await board.ConfigureAwait(false) is { } parts ? Count(parts) : null,
        };
    }

    /// <summary>The answer; null where it did not come in time.</summary>
    private static async Task<T?> KnownAsync<T>(Task<T?> asked, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await asked.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<IReadOnlyDictionary<string, string?>?> CpuAsync(QmpClient monitor, CancellationToken cancellationToken) =>
        await monitor.QueryFirstCpuAsync(cancellationToken).ConfigureAwait(false) is { } path
            ? await monitor.GetScalarsAsync(path, property => !property.Type.StartsWith("link<", StringComparison.Ordinal) && char.IsLower(property.Type[0]), cancellationToken).ConfigureAwait(false)
            : null;

    private static async Task<IReadOnlyList<QemuDevice>?> DevicesAsync(QmpClient monitor, CancellationToken until, CancellationToken cancellationToken)
    {
        var found = new List<(string Path, string Type)>();
        foreach (var folder in new[] { "/machine/peripheral", "/machine/peripheral-anon" })
        {
            if (await monitor.ListObjectAsync(folder, until).ConfigureAwait(false) is not { } children)
                return null;
            found.AddRange(children.Where(IsChild).Select(child => ($"{folder}/{child.Name}", TypeOf(child))));
        }

        if (found.Count > MostDevices)
            return null;
        var properties = await Task.WhenAll(found.Select(device => KnownAsync(
            monitor.GetScalarsAsync(device.Path, property => !property.Type.StartsWith("link<", StringComparison.Ordinal) || property.Name is "parent_bus", until), cancellationToken))).ConfigureAwait(false);
        return QemuDevice.Placed([.. found.Zip(properties).Select(pair => new QemuDevice(pair.First.Path, pair.First.Type, pair.Second))]);
    }

    /// <summary>What has a state of its own: no memory, wires and buses, nothing that is on PCI, and no CPU.</summary>
    private static Dictionary<string, int> Count(QmpProperty[] parts) =>
        parts.Where(part => IsChild(part) && part.Name.StartsWith("device[", StringComparison.Ordinal) && !TypeOf(part).EndsWith("-cpu", StringComparison.Ordinal))
            .GroupBy(TypeOf, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    private static bool IsChild(QmpProperty property) => property.Type.StartsWith("child<", StringComparison.Ordinal);

    private static string TypeOf(QmpProperty child) => child.Type["child<".Length..^1];
}
