using System.Xml.Linq;

namespace LiveMigration.Readiness.Gathering;

/// <summary>Where a host keeps what a guest's firmware or TPM has written.</summary>
/// <param name="IsTpm">Whether it is the state of an emulated TPM, and not NVRAM.</param>
/// <param name="Path">The file, or the folder.</param>
/// <param name="IsRaw">Whether its size is that of the device.</param>
internal sealed record StatePlace(bool IsTpm, string Path, bool IsRaw = false)
{
    private const string NvramFolder = "/var/lib/libvirt/qemu/nvram";
    private const string TpmFolder = "/var/lib/libvirt/swtpm";

    internal string Words => IsTpm ? "TPM state" : "NVRAM";

    /// <summary>The places of a definition; what is on a device or on the network is in none.</summary>
    internal static IEnumerable<StatePlace> Of(XElement definition) => Nvram(definition).Concat(Tpm(definition));

    private static IEnumerable<StatePlace> Nvram(XElement definition)
    {
        var os = definition.Element("os");
        var (nvram, loader) = (os?.Element("nvram"), os?.Element("loader"));
        var format = (string?)nvram?.Attribute("format") ?? (string?)loader?.Attribute("format") ?? "raw";
        var path = nvram?.Element("source") is { } source ? (string?)source.Attribute("file") ?? "" : nvram?.Value.Trim();
        if (path is not (null or ""))
            return [new(false, path, format is "raw")];
        // libvirt names it when the VM starts for the first time.
        var isDefault = path is null or "" && nvram?.HasElements is not true && (string?)loader?.Attribute("stateless") is not "yes"
            && ((string?)os?.Attribute("firmware") is "efi" || loader is not null && (string?)loader.Attribute("type") is "pflash" && (string?)loader.Attribute("readonly") is "yes");
        return isDefault ? [new(false, $"{NvramFolder}/{definition.Element("name")?.Value}_VARS.{(format is "raw" ? "fd" : format)}", format is "raw")] : [];
    }

    private static IEnumerable<StatePlace> Tpm(XElement definition) =>
        definition.Elements("devices").Elements("tpm").Elements("backend").Where(backend => (string?)backend.Attribute("type") is "emulator")
            .Select(backend => new StatePlace(true, (string?)backend.Element("source")?.Attribute("path") ?? $"{TpmFolder}/{definition.Element("uuid")?.Value}"));
}
