using System.Globalization;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>A device of the command line, or one that was plugged in.</summary>
/// <param name="Path">Its path in QEMU's object model.</param>
/// <param name="Type">What follows <c>-device</c>.</param>
/// <param name="Properties">Its properties; null where they could not be listed.</param>
internal sealed record QemuDevice(string Path, string Type, IReadOnlyDictionary<string, string?>? Properties)
{
    private const string Named = "/machine/peripheral/";

    /// <summary>Properties that say where on its bus a device is.</summary>
    private static readonly string[] Locations = ["port", "nr", "channel", "scsi-id", "lun", "unit", "iobase", "index"];

    /// <summary>Its <c>id</c>; null where it has none.</summary>
    internal string? Id => Path.StartsWith(Named, StringComparison.Ordinal) ? Path[Named.Length..] : null;

    /// <summary>Where it is, in the words by which a stream finds it: for PCI the slots from the root on, <c>03.0/00.0</c>.</summary>
    internal string Place { get; init; } = "";

    /// <summary>The bus that it is on, without its place there.</summary>
    internal string Bus { get; init; } = "";

    /// <summary>Whether its place was chosen by QEMU, and is not told.</summary>
    internal bool IsPlacedByOrder { get; init; }

    /// <summary>Whether its place is not known: its properties, or those of a device that it is behind, could not be listed.</summary>
    internal bool IsPlaceUntold { get; init; }

    internal bool IsPci => Properties is not null && Properties.ContainsKey("addr") && Properties.ContainsKey("rombar");

    /// <summary>For example <c>-device virtio-rng-pci,id=rng0,addr=05.0</c>.</summary>
    internal string Words => $"-device {Type}{(Id is null ? "" : $",id={Id}")}{(IsPci ? $",addr={Place.Split('/')[^1]}" : "")}";

    /// <summary>The same devices, each with its place.</summary>
    internal static IReadOnlyList<QemuDevice> Placed(IReadOnlyList<QemuDevice> devices)
    {
        var byPath = devices.ToDictionary(device => device.Path, StringComparer.Ordinal);
        var placed = devices.Select(device => device with { Bus = BusOf(device, byPath, 0), Place = Of(device, byPath, 0), IsPlacedByOrder = !device.IsPci && Location(device).Length == 0, IsPlaceUntold = IsUntold(device, byPath, 0) }).ToArray();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var number = 0; number < placed.Length; number++)
        {
            if (placed[number] is not { IsPlacedByOrder: true } device)
                continue;
            var before = seen.GetValueOrDefault(device.Place);
            seen[device.Place] = before + 1;
            placed[number] = device with { Place = $"{device.Place}#{before}" };
        }

        return placed;
    }

    private static string Of(QemuDevice device, Dictionary<string, QemuDevice> byPath, int depth)
    {
        var bus = BusOf(device, byPath, depth);
        if (device.IsPci)
            return int.TryParse(device.Properties!["addr"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0 ? $"{(bus.Length == 0 ? "" : $"{bus}/")}{Address(number >> 3, number & 7)}" : bus;
        var location = Location(device);
        return location.Length == 0 ? $"{bus} {device.Type}" : $"{bus} {Kind(device)} {location}";
    }

    /// <summary>The bus: the place of the device that has it, and its name there; nothing for a PCI root.</summary>
    private static string BusOf(QemuDevice device, Dictionary<string, QemuDevice> byPath, int depth)
    {
        if (device.Properties?.GetValueOrDefault("parent_bus") is not { Length: > 0 } bus || depth > 16)
            return "";
        var name = bus[(bus.LastIndexOf('/') + 1)..];
        var holder = Holder(bus, byPath);
        if (holder is null)
            return device.IsPci && !name.StartsWith("pxb", StringComparison.Ordinal) ? "" : name;
        var place = Of(holder, byPath, depth + 1);
        return device.IsPci ? place : $"{place} {(name.LastIndexOf('.') is >= 0 and var dot ? name[dot..] : "")}".TrimEnd();
    }

    /// <summary>The device that has a bus; null for one of the machine's own.</summary>
    private static QemuDevice? Holder(string bus, Dictionary<string, QemuDevice> byPath)
    {
        var owner = bus[..Math.Max(bus.LastIndexOf('/'), 0)];
        return byPath.Values.FirstOrDefault(other => owner == other.Path || owner.StartsWith($"{other.Path}/", StringComparison.Ordinal));
    }

    private static bool IsUntold(QemuDevice device, Dictionary<string, QemuDevice> byPath, int depth) =>
        device.Properties is not { } properties
        || (depth < 16 && properties.GetValueOrDefault("parent_bus") is { Length: > 0 } bus && Holder(bus, byPath) is { } holder && IsUntold(holder, byPath, depth + 1));

    internal static string Address(int slot, int function) => string.Create(CultureInfo.InvariantCulture, $"{slot:x2}.{function:x}");

    /// <summary>Two devices of one kind cannot be in one place.</summary>
    private static string Kind(QemuDevice device) => device.Type.Split('-')[0];

    private static string Location(QemuDevice device) => string.Join(
        ',', Locations.Select(name => device.Properties?.GetValueOrDefault(name) is { Length: > 0 } value && value is not "-1" ? $"{name}={value}" : null).OfType<string>());
}
