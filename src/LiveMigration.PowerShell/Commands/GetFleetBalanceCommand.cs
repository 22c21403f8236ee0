using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation.Balancing;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>hosts → their loads over a time, and how uneven they are.</summary>
[Cmdlet(VerbsCommon.Get, "FleetBalance", HelpUri = OnlineHelp.Pages + "Get-FleetBalance.md")]
[OutputType(typeof(FleetBalance))]
public sealed class GetFleetBalanceCommand : HostCmdlet
{
    private readonly List<HostReference> _named = [];
    private bool _isMeant;

    /// <summary>The hosts; all connected hosts by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>For how long the loads are measured.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime(1)]
    public Duration Duration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Measure how fast the VMs change their memory, too.</summary>
    [Parameter]
    public SwitchParameter DirtyRate { get; set; }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (DirtyRate && (Duration.Value > TimeSpan.FromMinutes(1) || Duration.Value.Ticks % TimeSpan.TicksPerSecond != 0))
            throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"With -DirtyRate, -Duration must be 1 to 60 whole seconds, not {Duration}: QEMU measures no other times.");
        _isMeant = true;
        _named.AddRange(HostName);
        return Task.CompletedTask;
    }

    /// <summary>One balance of all hosts, however they were named.</summary>
    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (!_isMeant)
            return;
        var (hosts, missing) = await ResolveGroupAsync(_named, output, cancellationToken);
        if (hosts.Count > 0)
        {
            var (balance, errors) = await FleetLoads.ReadAsync(hosts, Duration, DirtyRate, cancellationToken);
            foreach (var (host, error) in errors)
                await output.WriteErrorAsync(error.ToErrorRecord(host));
            foreach (var host in balance.Hosts.Where(host => host.Unknown.Count > 0))
                output.WriteWarning($"{host} does not report {string.Join(", ", host.Unknown)}.");
            if (balance.Hosts.Count > 0)
                await output.WriteObjectAsync(balance with { Unreachable = [.. balance.Unreachable, .. missing] });
        }

        WriteNotices(output);
    }
}
