using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Closes the connections to hosts and forgets them.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "LibvirtHost", SupportsShouldProcess = true,
    HelpUri = OnlineHelp.Pages + "Disconnect-LibvirtHost.md")]
[OutputType(typeof(void))]
public sealed class DisconnectLibvirtHostCommand : PSCmdlet
{
    /// <summary>Which hosts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Host", "ComputerName", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var host in HostName.SelectMany(Find).Distinct())
        {
            var migrating = HostSessions.Migrations(host).Select(run => $"'{run.Name}'").ToArray();
            if (migrating.Length > 0)
                Refuse(CmdletFaults.HostInUse, $"{host.Name} stays connected: the migration of {string.Join(", ", migrating)} goes over it.", host.Name);
            else if (ShouldProcess(host.Name, "Disconnect"))
                HostSessions.Disconnect(host);
        }
    }

    private LibvirtHost[] Find(HostReference reference)
    {
        var pattern = WildcardPattern.Get(reference.Text, WildcardOptions.IgnoreCase);
        var found = HostSessions.All
            .Where(host => host == reference.Host || (reference.IsUri ? host.Uri.Text == reference.Text : pattern.IsMatch(host.Name)))
            .ToArray();
        if (found.Length == 0 && !reference.HasWildcard)
        {
            var near = NearNames.Ask(NearNames.Of(reference.Text, HostSessions.All.Select(host => host.Name)));
            Refuse(CmdletFaults.HostNotConnected, $"No host is connected as '{reference.Text}'.{(near is null ? "" : " " + near)}", reference.Text);
        }

        return found;
    }

    private void Refuse(Fault fault, string message, string host) =>
        WriteError(new LiveMigrationException(fault, message, host).ToErrorRecord(host));
}
