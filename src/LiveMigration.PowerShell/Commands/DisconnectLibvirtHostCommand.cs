using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Closes the connections to hosts and forgets them.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "LibvirtHost", SupportsShouldProcess = true,
    HelpUri = OnlineHelp.Pages + "Disconnect-LibvirtHost.md")]
[OutputType(typeof(void))]
public sealed class DisconnectLibvirtHostCommand : AsyncCmdlet
{
    /// <summary>The hosts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        foreach (var reference in HostName)
        {
            foreach (var host in await FindAsync(reference, output))
            {
                var migrating = HostSessions.Migrations(host).Select(run => $"'{run.Name}'").ToArray();
                if (migrating.Length > 0)
                    await RefuseAsync(output, CmdletFaults.HostInUse, $"{host.Name} stays connected: the migration of {string.Join(", ", migrating)} uses it.", host.Name);
                else if (await output.ShouldProcessAsync($"Disconnect {host.Name}.", $"Disconnect {host.Name}?"))
                    HostSessions.Disconnect(host);
            }
        }
    }

    private static async Task<LibvirtHost[]> FindAsync(HostReference reference, PipelineOutput output)
    {
        var pattern = WildcardPattern.Get(reference.Text, WildcardOptions.IgnoreCase);
        var found = HostSessions.All
            .Where(host => reference.Host is { } given ? host == given
                : reference.IsUri ? host.Uri.Text == reference.Text
                : reference.HasWildcard ? pattern.IsMatch(host.Name)
                : host.Name.Equals(reference.Text, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        if (found.Length == 0 && !reference.HasWildcard)
        {
            var near = NearNames.Ask(NearNames.Of(reference.Text, HostSessions.All.Select(host => host.Name)));
            await RefuseAsync(output, CmdletFaults.HostNotConnected, $"No host is connected as '{reference.Text}'.{(near is null ? "" : " " + near)}", reference.Text);
        }

        return found;
    }

    private static Task RefuseAsync(PipelineOutput output, Fault fault, string message, string host) =>
        output.WriteErrorAsync(new LiveMigrationException(fault, message, host).ToErrorRecord(host));
}
