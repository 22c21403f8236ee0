using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration.Parameters;
using LiveMigration.PowerShell.Completion;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain → the migration capabilities of its QEMU.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationCapability", DefaultParameterSetName = "Pipeline", HelpUri = OnlineHelp.Pages + "Get-MigrationCapability.md")]
[OutputType(typeof(MigrationCapability))]
public sealed class GetMigrationCapabilityCommand : MigrationSettingCmdlet<MigrationCapability>
{
    /// <summary>Which capabilities, by QEMU's names; all by default.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MigrationSettingCompleter))]
    public string[] Capability { get; set; } = [];

    private protected override string[] Patterns => Capability;

    private protected override Task<IReadOnlyList<MigrationCapability>> ReadAsync(LibvirtDomain domain, CancellationToken cancellationToken) =>
        domain.GetMigrationCapabilitiesAsync(cancellationToken);

    private protected override string NameOf(MigrationCapability setting) => setting.Capability;
}
