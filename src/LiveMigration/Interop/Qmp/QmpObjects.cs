using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Qmp;

/// <summary>QEMU's objects and their properties, and what its devices are: what two QEMUs are compared by.</summary>
internal static class QmpObjects
{
    /// <summary>From this QEMU on, all properties of an object are one answer.</summary>
    private static readonly Version ListsValues = new(10, 1);

    /// <summary>What is in an object; null where there is no such object.</summary>
    internal static async Task<QmpProperty[]?> ListObjectAsync(this QmpClient monitor, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await monitor.ExecuteAsync("qom-list", QmpJson.Default.QmpPropertyArray, new JsonObject { ["path"] = path }, cancellationToken).ConfigureAwait(false);
        }
        catch (QmpException)
        {
            return null;
        }
    }

    /// <summary>The properties of an object; null where there is no such object. One that cannot be read is null.</summary>
    /// <param name="monitor">The QEMU.</param>
    /// <param name="path">The object.</param>
    /// <param name="wants">The properties that are wanted, by name and type.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<IReadOnlyDictionary<string, string?>?> GetScalarsAsync(
        this QmpClient monitor, string path, Func<QmpProperty, bool> wants, CancellationToken cancellationToken)
    {
        if (monitor.QemuVersion >= ListsValues && await AllAsync(monitor, path, cancellationToken).ConfigureAwait(false) is { } all)
            return all.Where(pair => wants(pair.Key)).ToDictionary(pair => pair.Key.Name, pair => pair.Value, StringComparer.Ordinal);
        if (await monitor.ListObjectAsync(path, cancellationToken).ConfigureAwait(false) is not { } properties)
            return null;
        QmpProperty[] wanted = [.. properties.Where(property => !property.Type.StartsWith("child<", StringComparison.Ordinal) && wants(property)).DistinctBy(property => property.Name)];
        var values = await Task.WhenAll(wanted.Select(property => GetScalarAsync(monitor, path, property.Name, cancellationToken))).ConfigureAwait(false);
        return wanted.Zip(values).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>The object of the first CPU; null where QEMU does not say.</summary>
    internal static async Task<string?> QueryFirstCpuAsync(this QmpClient monitor, CancellationToken cancellationToken)
    {
        var cpus = await monitor.ExecuteAsync("query-cpus-fast", QmpJson.Default.QmpCpuArray, null, cancellationToken).ConfigureAwait(false);
        return cpus.MinBy(cpu => cpu.CpuIndex)?.QomPath;
    }

    /// <summary>The PCI buses of the machine; null for a machine without.</summary>
    internal static async Task<QmpPciBus[]?> QueryPciAsync(this QmpClient monitor, CancellationToken cancellationToken)
    {
        try
        {
            return await monitor.ExecuteAsync("query-pci", QmpJson.Default.QmpPciBusArray, null, cancellationToken).ConfigureAwait(false);
        }
        catch (QmpException)
        {
            return null;
        }
    }

    /// <summary>The blocks of memory that a stream carries; null before QEMU 6.2.</summary>
    internal static async Task<IReadOnlyList<QmpRamBlock>?> QueryRamBlocksAsync(this QmpClient monitor, CancellationToken cancellationToken)
    {
        try
        {
            var text = (await monitor.ExecuteAsync("x-query-ramblock", QmpJson.Default.QmpHumanText, null, cancellationToken).ConfigureAwait(false)).HumanReadableText;
            return [.. text.Split('\n').Select(RamBlock).OfType<QmpRamBlock>()];
        }
        catch (QmpException)
        {
            return null;
        }
    }

    /// <summary>Writes the state of all devices into a file on QEMU's host. A guest that runs is stopped for it, and runs on.</summary>
    internal static Task SaveDevicesStateAsync(this QmpClient monitor, string file, CancellationToken cancellationToken) =>
        monitor.ExecuteAsync("xen-save-devices-state", new JsonObject { ["filename"] = file, ["live"] = false }, cancellationToken);

    /// <summary>A line as <c>pc.ram 4 KiB 0x0 0x2000000 0x2000000</c>; a name may have blanks in it.</summary>
    private static QmpRamBlock? RamBlock(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var first = Array.FindIndex(words, word => word.StartsWith("0x", StringComparison.Ordinal));
        return first >= 3 && words.Length >= first + 3 && Number(words[first + 1]) is { } used && Number(words[first + 2]) is { } total
            ? new QmpRamBlock(string.Join(' ', words[..(first - 2)]), used, total)
            : null;
    }

    private static long? Number(string word) =>
        word.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(word.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async Task<Dictionary<QmpProperty, string?>?> AllAsync(QmpClient monitor, string path, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await monitor.ExecuteAsync("qom-list-get", QmpJson.Default.QmpObjectValuesArray, new JsonObject { ["paths"] = new JsonArray(path) }, cancellationToken).ConfigureAwait(false);
            return answer is [var only]
                ? only.Properties.Where(value => !value.Type.StartsWith("child<", StringComparison.Ordinal)).DistinctBy(value => value.Name).ToDictionary(value => new QmpProperty(value.Name, value.Type), value => value.Value is { } element ? Text(element) : null)
                : null;
        }
        catch (QmpException)
        {
            return null; // No such object, or no such command: the other way tells.
        }
    }

    private static async Task<string?> GetScalarAsync(QmpClient monitor, string path, string property, CancellationToken cancellationToken)
    {
        try
        {
            return Text(await monitor.ExecuteAsync("qom-get", new JsonObject { ["path"] = path, ["property"] = property }, cancellationToken).ConfigureAwait(false));
        }
        catch (QmpException)
        {
            return null;
        }
    }

    /// <summary>As a command line has it, or as QMP does where that is a list; null for what could not be read.</summary>
    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "on",
        JsonValueKind.False => "off",
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.Array or JsonValueKind.Object => value.GetRawText(),
        _ => null,
    };
}

/// <summary>A block of the guest's memory.</summary>
/// <param name="Name">Its name in the stream.</param>
/// <param name="Used">Its length, in bytes.</param>
/// <param name="Total">The length that it can have.</param>
internal sealed record QmpRamBlock(string Name, long Used, long Total);

/// <summary><c>HumanReadableText</c>.</summary>
internal sealed record QmpHumanText(string HumanReadableText);

/// <summary><c>CpuInfoFast</c>.</summary>
internal sealed record QmpCpu(int CpuIndex, string QomPath);

/// <summary><c>ObjectPropertiesValues</c> (10.1).</summary>
internal sealed record QmpObjectValues(QmpPropertyValue[] Properties);

/// <summary><c>ObjectPropertyValue</c>.</summary>
internal sealed record QmpPropertyValue(string Name, string Type, JsonElement? Value);

/// <summary><c>PciInfo</c>.</summary>
internal sealed record QmpPciBus(QmpPciDevice[] Devices);

/// <summary><c>PciDeviceInfo</c>.</summary>
internal sealed record QmpPciDevice(
    int Slot, int Function, [property: JsonPropertyName("class_info")] QmpPciClass ClassInfo, QmpPciId Id, QmpPciRegion[]? Regions, [property: JsonPropertyName("pci_bridge")] QmpPciBridge? PciBridge);

/// <summary><c>PciDeviceClass</c>.</summary>
internal sealed record QmpPciClass(string? Desc, int Class);

/// <summary><c>PciDeviceId</c>.</summary>
internal sealed record QmpPciId(int Device, int Vendor);

/// <summary><c>PciMemoryRegion</c>.</summary>
internal sealed record QmpPciRegion(int Bar, long Size);

/// <summary><c>PciBridgeInfo</c>.</summary>
internal sealed record QmpPciBridge(QmpPciDevice[]? Devices);
