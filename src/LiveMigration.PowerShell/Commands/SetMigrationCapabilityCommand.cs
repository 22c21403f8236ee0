using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration.Parameters;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain ← a migration capability of its QEMU.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationCapability", DefaultParameterSetName = "Pipeline", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Set-MigrationCapability.md")]
[OutputType(typeof(MigrationCapability))]
public sealed class SetMigrationCapabilityCommand : SetMigrationCmdlet
{
    /// <summary>Which capability, by QEMU's name.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Name")]
    [Parameter(Position = 1, ParameterSetName = "Pipeline")]
    [ArgumentCompleter(typeof(MigrationSettingCompleter))]
    public string Capability { get; set; } = "";

    /// <summary>On or off.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = "Name")]
    [Parameter(Position = 2, ParameterSetName = "Pipeline")]
    [OnOffTransformation]
    [ArgumentCompleter(typeof(OnOffCompleter))]
    public bool Enabled { get; set; }

    private protected override string What => $"migration capability {Capability}";

    private protected override string To => Enabled ? "on" : "off";

    private protected override bool Taints => true;

    private protected override async Task<object?> SetAsync(LibvirtDomain domain, CancellationToken cancellationToken) =>
        await domain.SetMigrationCapabilityAsync(Capability, Enabled, cancellationToken);
}
