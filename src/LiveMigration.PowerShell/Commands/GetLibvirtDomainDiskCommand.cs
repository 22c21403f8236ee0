using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domains → their disks.</summary>
[Cmdlet(VerbsCommon.Get, "LibvirtDomainDisk")]
[OutputType(typeof(DomainDisk))]
public sealed class GetLibvirtDomainDiskCommand : HostCmdlet
{
    /// <summary>Of which domains.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("VMName", "Domain")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>Which disks, by their names in the guest; all by default.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DiskCompleter))]
    public string[] Target { get; set; } = [];

    /// <summary>Where the domains are; found on the connected hosts by default.</summary>
    [Parameter]
    [Alias("Host", "ComputerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var patterns = Target.Select(target => WildcardPattern.Get(target, WildcardOptions.None)).ToArray();
        var targets = new DomainTargets(Hosts, HostName, except: null, output);
        foreach (var domain in await targets.FindAsync(Name, cancellationToken))
        {
            try
            {
                foreach (var disk in await domain.GetDisksAsync(cancellationToken))
                {
                    if (patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch(disk.Target)))
                        await output.WriteObjectAsync(disk);
                }
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(domain));
            }
        }

        WriteNotices(output);
    }
}
