using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet that talks to the QEMU of each domain through libvirt's monitor, and says what that means.</summary>
public abstract class MigrationSettingCmdlet : DomainCmdlet
{
    private protected static void TellOfTaint(LibvirtDomain domain, PipelineOutput output) => output.WriteVerbose(
        $"'{domain}' on {domain.HostName}: its QEMU is asked through libvirt's monitor, which marks the VM as tainted (custom-monitor) until it is restarted.");

    private protected static Func<string, bool> Matcher(string[] patterns)
    {
        var all = patterns.Select(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase)).ToArray();
        return name => all.Length == 0 || all.Any(pattern => pattern.IsMatch(name));
    }
}
