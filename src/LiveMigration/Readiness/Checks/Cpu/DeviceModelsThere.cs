using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM060: what the destination's QEMU was built with.</summary>
internal sealed class DeviceModelsThere()
    : ReadinessCheck("LM060", "The destination supports the VM's device models", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/formatdomaincaps.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Fit.Machine.Value.Capabilities is not { } capabilities)
            return [Skip("The destination does not support the machine type: see LM059.")];
        var models = Asked(facts).Where(one => one.Value is not null and not "none").Distinct().ToArray();
        var lacking = models.Where(one => Known(capabilities, one.Device, one.Kind) is { Length: > 0 } known && !known.Contains(one.Value)).ToArray();
        return lacking.Length == 0
            ? [Pass(models.Length == 0 ? "The VM requires no particular device model." : string.Join(", ", models.Select(one => $"{one.Device} {one.Value}")) + ".")]
            : lacking.Select(one => Broken(
                $"{facts.Destination.Name} has {string.Join(", ", Known(capabilities, one.Device, one.Kind))}, not {one.Value}.", subject: one.Device));
    }

    private static IEnumerable<(string Device, string Kind, string? Value)> Asked(ReadinessFacts facts) =>
    [
        .. facts.TargetDevices("disk").Select(disk => ("disk", "bus", (string?)disk.Element("target")?.Attribute("bus"))),
        .. facts.TargetDevices("disk").Select(disk => ("disk", "diskDevice", (string?)disk.Attribute("device"))),
        .. facts.TargetDevices("graphics").Select(graphics => ("graphics", "type", (string?)graphics.Attribute("type"))),
        .. facts.TargetDevices("video").Select(video => ("video", "modelType", (string?)video.Element("model")?.Attribute("type"))),
        .. facts.TargetDevices("rng").Select(rng => ("rng", "backendModel", (string?)rng.Element("backend")?.Attribute("model"))),
        .. facts.TargetDevices("tpm").Select(tpm => ("tpm", "model", (string?)tpm.Attribute("model"))),
        .. facts.TargetDevices("tpm").Elements("backend").Select(backend => ("tpm", "backendModel", (string?)backend.Attribute("type"))),
        .. facts.TargetDevices("tpm").Elements("backend").Select(backend => ("tpm", "backendVersion", (string?)backend.Attribute("version"))),
        .. facts.TargetDevices("filesystem").Select(share => ("filesystem", "driverType", (string?)share.Element("driver")?.Attribute("type"))),
    ];

    private static string[] Known(XElement capabilities, string device, string kind) =>
    [
        .. capabilities.Elements("devices").Elements(device).Elements("enum")
            .Where(one => (string?)one.Attribute("name") == kind).Elements("value").Select(value => value.Value),
    ];
}
