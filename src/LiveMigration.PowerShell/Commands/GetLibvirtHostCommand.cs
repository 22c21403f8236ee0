using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>The connected hosts, and what they are and have.</summary>
[Cmdlet(VerbsCommon.Get, "LibvirtHost", HelpUri = OnlineHelp.Pages + "Get-LibvirtHost.md")]
[OutputType(typeof(HostInfo))]
public sealed class GetLibvirtHostCommand : HostCmdlet
{
    /// <summary>The hosts; all connected hosts by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        // Nothing connected is an empty list here, and no error.
        var hosts = HostName.Length == 0 ? await Connected.TakeAsync(output.WriteWarning, cancellationToken) : await ResolveAsync(HostName, output, cancellationToken, orNone: true);
        var asking = hosts.Select(host => (host, info: host.GetInfoAsync(cancellationToken))).ToArray();
        foreach (var (host, info) in asking)
        {
            try
            {
                await output.WriteObjectAsync(await info);
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(host.Name));
            }
        }

        WriteNotices(output);
    }
}
