using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet that reads settings of each domain's QEMU through libvirt's monitor, and writes those that are named.</summary>
/// <typeparam name="T">A setting.</typeparam>
public abstract class MigrationSettingCmdlet<T> : DomainCmdlet
    where T : notnull
{
    /// <summary>Which settings, by QEMU's names; all when empty.</summary>
    private protected abstract string[] Patterns { get; }

    private protected abstract Task<IReadOnlyList<T>> ReadAsync(LibvirtDomain domain, CancellationToken cancellationToken);

    private protected abstract string NameOf(T setting);

    private protected override async Task HandleAsync(LibvirtDomain domain, PipelineOutput output, CancellationToken cancellationToken)
    {
        MonitorTaint.Tell(domain, output);
        var patterns = Patterns.Select(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase)).ToArray();
        foreach (var setting in await ReadAsync(domain, cancellationToken))
        {
            if (patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch(NameOf(setting))))
                await output.WriteObjectAsync(setting);
        }
    }
}
