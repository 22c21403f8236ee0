using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration.Parameters;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain ← a migration capability of its QEMU.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationCapability", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MigrationCapability))]
public sealed class SetMigrationCapabilityCommand : MigrationSettingCmdlet
{
    /// <summary>Which capability, by QEMU's name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(MigrationSettingCompleter))]
    public string Capability { get; set; } = "";

    /// <summary>On or off.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    public bool Enabled { get; set; }

    /// <summary>Write what holds now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken)
    {
        var what = $"the migration capability {Capability} of '{domain}' on {domain.HostName} to {(Enabled ? "on" : "off")}";
        if (!await output.ShouldProcessAsync($"Set {what}, through libvirt's monitor, which taints the VM.", $"Set {what}, which taints the VM?"))
            return;
        TellOfTaint(domain, output);
        var now = await domain.SetMigrationCapabilityAsync(Capability, Enabled, cancellationToken);
        if (PassThru)
            await output.WriteObjectAsync(now);
    }
}
