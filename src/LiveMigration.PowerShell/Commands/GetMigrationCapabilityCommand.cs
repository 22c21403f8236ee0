using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration.Parameters;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domain → the migration capabilities of its QEMU.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationCapability")]
[OutputType(typeof(MigrationCapability))]
public sealed class GetMigrationCapabilityCommand : MigrationSettingCmdlet
{
    /// <summary>Which capabilities, by QEMU's names; all by default.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MigrationSettingCompleter))]
    public string[] Capability { get; set; } = [];

    private protected override async Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken)
    {
        TellOfTaint(domain, output);
        var matches = Matcher(Capability);
        foreach (var capability in await domain.GetMigrationCapabilitiesAsync(cancellationToken))
        {
            if (matches(capability.Capability))
                await output.WriteObjectAsync(capability);
        }
    }
}
