using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Domains.DirtyPages;

/// <summary>
/// Modes that a guest cannot survive are refused. Without KVM, QEMU 7.2 ends with a crash when it is asked for them; QEMU 10.0
/// lives on and answers 0, whatever the guest does.
/// </summary>
internal static class DirtyRateSafety
{
    internal static async Task CheckAsync(LibvirtDomain domain, DirtyRateMode mode, CancellationToken cancellationToken)
    {
        if (mode is DirtyRateMode.PageSampling)
            return;
        var definition = await domain.Host.CallAsync(domain.Uuid, native => XElement.Parse(native.GetXml(XmlView.Live)), cancellationToken).ConfigureAwait(false);
        var accelerator = (string?)definition.Attribute("type") ?? "unknown";
        if (accelerator != "kvm")
        {
            throw new LiveMigrationException(
                Faults.ModeNotSurvivable,
                $"{domain.HostName}: '{domain.Name}' runs without KVM (domain type '{accelerator}'): {mode} requires KVM; without it QEMU 7.2 crashes, and QEMU 10 counts nothing.",
                domain.HostName);
        }

        var ring = (string?)definition.Element("features")?.Element("kvm")?.Element("dirty-ring")?.Attribute("state") == "on";
        if (mode is DirtyRateMode.DirtyRing && !ring)
            throw new LiveMigrationException(Faults.ModeNotSurvivable, $"{domain.HostName}: '{domain.Name}' was started without <kvm><dirty-ring state='on'/></kvm>.", domain.HostName);
        if (mode is DirtyRateMode.DirtyBitmap && ring)
            throw new LiveMigrationException(Faults.ModeNotSurvivable, $"{domain.HostName}: '{domain.Name}' was started with KVM's dirty ring, which has no bitmap: use DirtyRing.", domain.HostName);
    }
}
