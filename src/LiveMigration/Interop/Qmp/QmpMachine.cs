using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Qmp;

/// <summary>What a QEMU is: asked of QEMU itself, as no command line tells what was plugged since.</summary>
internal static class QmpMachine
{
    /// <summary>What was given to <c>-name</c>; null when nothing was.</summary>
    internal static async Task<string?> QueryNameAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        (await monitor.ExecuteAsync("query-name", QmpJson.Default.QmpName, null, cancellationToken).ConfigureAwait(false)).Name;

    /// <summary>What was given to <c>-uuid</c>; all zero when nothing was.</summary>
    internal static async Task<Guid> QueryUuidAsync(this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        var answer = await monitor.ExecuteAsync("query-uuid", QmpJson.Default.QmpUuid, null, cancellationToken).ConfigureAwait(false);
        return Guid.TryParse(answer.Uuid, out var uuid) ? uuid : Guid.Empty;
    }

    /// <summary>The machine type with its version, an alias resolved: <c>pc-q35-7.2</c>.</summary>
    internal static async Task<string?> QueryMachineTypeAsync(this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        const string Suffix = "-machine";
        var type = await monitor.GetPropertyAsync("/machine", "type", QmpJson.Default.String, cancellationToken).ConfigureAwait(false);
        return type?.EndsWith(Suffix, StringComparison.Ordinal) is true ? type[..^Suffix.Length] : type;
    }

    /// <summary>The CPUs of the machine; null where this QEMU does not say.</summary>
    internal static Task<QmpTopology?> QueryTopologyAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.GetPropertyAsync("/machine", "smp", QmpJson.Default.QmpTopology, cancellationToken);

    /// <summary>The memory of the machine; null where this QEMU does not say.</summary>
    internal static Task<QmpMemory?> QueryMemoryAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.GetPropertyAsync("/machine", "memory", QmpJson.Default.QmpMemory, cancellationToken);

    /// <summary>Whether the guest runs on KVM.</summary>
    internal static async Task<bool> QueryKvmAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        (await monitor.ExecuteAsync("query-kvm", QmpJson.Default.QmpKvm, null, cancellationToken).ConfigureAwait(false)).Enabled;

    /// <summary>What the guest's CPUs are: <c>x86_64</c>, <c>aarch64</c>, …; null where this QEMU does not say.</summary>
    internal static async Task<string?> QueryArchitectureAsync(this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        try
        {
            return (await monitor.ExecuteAsync("query-target", QmpJson.Default.QmpTarget, null, cancellationToken).ConfigureAwait(false)).Arch;
        }
        catch (QmpException)
        {
            return null;
        }
    }

    /// <summary>The guest's drives.</summary>
    internal static Task<QmpBlockInfo[]> QueryBlockAsync(this QmpClient monitor, CancellationToken cancellationToken = default) =>
        monitor.ExecuteAsync("query-block", QmpJson.Default.QmpBlockInfoArray, null, cancellationToken);

    /// <summary>The ids of the guest's devices: those of the command line, and those that were plugged in since.</summary>
    internal static async Task<IReadOnlyList<string>> QueryDeviceIdsAsync(this QmpClient monitor, CancellationToken cancellationToken = default)
    {
        var arguments = new JsonObject { ["path"] = "/machine/peripheral" };
        var children = await monitor.ExecuteAsync("qom-list", QmpJson.Default.QmpPropertyArray, arguments, cancellationToken).ConfigureAwait(false);
        return [.. children.Where(child => child.Type.StartsWith("child<", StringComparison.Ordinal)).Select(child => child.Name)];
    }

    private static async Task<T?> GetPropertyAsync<T>(
        this QmpClient monitor, string path, string property, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var arguments = new JsonObject { ["path"] = path, ["property"] = property };
            return await monitor.ExecuteAsync("qom-get", type, arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (QmpException)
        {
            return null; // An older QEMU has no such property.
        }
    }
}

/// <summary><c>ObjectPropertyInfo</c>.</summary>
internal sealed record QmpProperty(string Name, string Type);

/// <summary><c>NameInfo</c>.</summary>
internal sealed record QmpName(string? Name);

/// <summary><c>TargetInfo</c>.</summary>
internal sealed record QmpTarget(string? Arch);

/// <summary><c>UuidInfo</c>.</summary>
internal sealed record QmpUuid([property: System.Text.Json.Serialization.JsonPropertyName("UUID")] string? Uuid);

/// <summary><c>KvmInfo</c>.</summary>
internal sealed record QmpKvm(bool Enabled);

/// <summary><c>SMPConfiguration</c>.</summary>
internal sealed record QmpTopology(
    int? Cpus, [property: System.Text.Json.Serialization.JsonPropertyName("maxcpus")] int? MaxCpus, int? Sockets, int? Dies, int? Cores, int? Threads);

/// <summary><c>MemorySizeConfiguration</c>: bytes, and slots for memory that can be plugged.</summary>
internal sealed record QmpMemory(long? Size, long? MaxSize, int? Slots);

/// <summary><c>BlockInfo</c>: a drive, and what is in it.</summary>
/// <param name="Device">The drive's own name; empty for one that was made by <c>-blockdev</c>.</param>
/// <param name="Qdev">The id or path of the guest's device; null where it has none.</param>
/// <param name="Removable">Whether the medium can be taken out.</param>
/// <param name="Inserted">The medium; null for an empty drive.</param>
internal sealed record QmpBlockInfo(string? Device, string? Qdev, bool Removable, QmpMedium? Inserted);

/// <summary><c>BlockDeviceInfo</c>.</summary>
/// <param name="File">The file, or QEMU's <c>json:</c> of it.</param>
/// <param name="NodeName">The node on which the device is.</param>
/// <param name="Ro">Whether it is read-only.</param>
/// <param name="Drv">The format's driver.</param>
/// <param name="Image">The image.</param>
internal sealed record QmpMedium(string? File, string? NodeName, bool Ro, string? Drv, QmpImage? Image);

/// <summary><c>ImageInfo</c>, as far as it is of use here.</summary>
/// <param name="Filename">The file.</param>
/// <param name="VirtualSize">The size that the guest sees, in bytes.</param>
/// <param name="BackingImage">What is below it; null for an image of its own.</param>
/// <param name="Format">The format's driver.</param>
/// <param name="ActualSize">Bytes that it takes on its disk.</param>
/// <param name="FormatSpecific">What only images of this format have.</param>
internal sealed record QmpImage(string? Filename, long? VirtualSize, QmpImage? BackingImage = null, string? Format = null, long? ActualSize = null, QmpImageSpecific? FormatSpecific = null);

/// <summary>What only images of one format have.</summary>
internal sealed record QmpImageSpecific(QmpImageData? Data);

/// <summary>Of qcow2: the file that has its data, where it has none itself.</summary>
internal sealed record QmpImageData(string? DataFile);
