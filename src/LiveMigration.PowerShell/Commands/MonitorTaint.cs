using LiveMigration.Domains;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>What it does to a domain that its QEMU is talked to behind libvirt's back.</summary>
internal static class MonitorTaint
{
    internal static void Tell(LibvirtDomain domain, PipelineOutput output) => output.WriteVerbose(
        $"'{domain}' on {domain.HostName}: its QEMU is queried through libvirt's monitor, which marks the VM as tainted (custom-monitor) until it is restarted.");
}
