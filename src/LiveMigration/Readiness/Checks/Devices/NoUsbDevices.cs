using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM070: a USB device stays in its socket.</summary>
internal sealed class NoUsbDevices()
    : ReadinessCheck("LM070", "No USB device is passed through", CheckCategory.Devices, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#host-device-assignment")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Devices("hostdev")
        .Where(device => (string?)device.Attribute("type") is "usb")
        .Select(device => Broken("libvirt migrates the VM, and the guest loses the device.", FixCommand.Detach(facts, device)));
}
