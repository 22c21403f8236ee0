using System.Globalization;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>A PCI function as the guest finds it.</summary>
/// <param name="Place">The slots from the root on: <c>03.0/00.0</c>. The numbers of buses are the guest's, and not in it.</param>
/// <param name="What">Vendor, device and class.</param>
/// <param name="Regions">The sizes of its regions.</param>
internal sealed record QemuPciFunction(string Place, string What, string Regions)
{
    /// <summary>Those on a bus, and behind the bridges on it.</summary>
    internal static IEnumerable<QemuPciFunction> Of(IEnumerable<QmpPciDevice> devices, string before = "")
    {
        foreach (var device in devices)
        {
            var place = $"{before}{QemuDevice.Address(device.Slot, device.Function)}";
            yield return new QemuPciFunction(
                place,
                string.Create(CultureInfo.InvariantCulture, $"{device.Id.Vendor:x4}:{device.Id.Device:x4} {device.ClassInfo.Desc ?? $"class {device.ClassInfo.Class:x4}"}"),
                string.Join(", ", (device.Regions ?? []).Where(region => region.Bar < 6).Select(region => string.Create(CultureInfo.InvariantCulture, $"{region.Bar}: {region.Size}"))));
            foreach (var behind in Of(device.PciBridge?.Devices ?? [], $"{place}/"))
                yield return behind;
        }
    }
}
