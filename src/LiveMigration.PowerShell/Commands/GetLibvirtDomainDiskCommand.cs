using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domains → their disks.</summary>
[Cmdlet(VerbsCommon.Get, "LibvirtDomainDisk", DefaultParameterSetName = "Pipeline", HelpUri = OnlineHelp.Pages + "Get-LibvirtDomainDisk.md")]
[OutputType(typeof(DomainDisk))]
public sealed class GetLibvirtDomainDiskCommand : DomainCmdlet
{
    /// <summary>Which disks, by their names in the guest; all by default.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DiskCompleter))]
    public string[] Target { get; set; } = [];

    private protected override async Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken)
    {
        var patterns = Target.Select(target => WildcardPattern.Get(target, WildcardOptions.None)).ToArray();
        foreach (var disk in await domain.GetDisksAsync(cancellationToken))
        {
            if (patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch(disk.Target)))
                await output.WriteObjectAsync(disk);
        }
    }
}
