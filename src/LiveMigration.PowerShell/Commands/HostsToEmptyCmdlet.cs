using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Hosts to be emptied, and where their VMs may go → plan.</summary>
public abstract class HostsToEmptyCmdlet : EvacuationOptionsCmdlet
{
    private readonly List<(HostReference Host, HostReference[] Destinations)> _rows = [];

    /// <summary>Move VMs between destination hosts where that makes room.</summary>
    [Parameter]
    public SwitchParameter MakeRoom { get; set; }

    /// <summary>That these are hosts to be emptied: not a VM that came through the pipeline, nor the file of a plan.</summary>
    private void CheckSources(IEnumerable<HostReference> hosts)
    {
        foreach (var host in hosts)
        {
            if (host.OfDomain is { } domain)
                throw new LiveMigrationException(CmdletFaults.InvalidHost, $"'{domain}' is a VM, but {MyInvocation.MyCommand.Name} empties whole hosts. Move VMs with Start-VMLiveMigration, or name its host: -HostName {host}.", host.Text);
            if (host is { Host: null, IsUri: false, HasWildcard: false } && !host.Text.Contains(':') && HostSessions.Find(host.Text) is null && File.Exists(GetUnresolvedProviderPathFromPSPath(host.Text)))
                throw new LiveMigrationException(CmdletFaults.InvalidHost, $"'{host}' is a file, and no connected host has that name. To carry out a plan: Start-HostEvacuation -Plan {host}.", host.Text);
        }
    }

    /// <summary>Takes what the command line and a record of the pipeline say together.</summary>
    /// <param name="hosts">The hosts to be emptied.</param>
    /// <param name="destinations">Where their VMs may go.</param>
    /// <exception cref="LiveMigrationException">What empties hosts cannot take it for what is meant.</exception>
    private protected void Take(HostReference[] hosts, HostReference[] destinations)
    {
        CheckSources(hosts);
        // A row brings its host; a name that is typed beside it would be emptied in its place.
        if (MyInvocation.ExpectingInput && IsTyped("HostName"))
            throw new LiveMigrationException(Faults.ContradictingOptions, $"Hosts were both named ({string.Join(", ", hosts.AsEnumerable())}) and piped in: do one or the other. Name the hosts that their VMs move to with -Destination.");
        // An empty cell is not "any host".
        if (Said("Destination") && Given(destinations, "Destination").Count == 0)
            throw new LiveMigrationException(CmdletFaults.MissingArgument, $"The Destination of {string.Join(", ", hosts.AsEnumerable())} is empty.");
        _rows.AddRange(hosts.Select(host => (host, destinations)));
    }

    /// <summary>The hosts to be emptied and those that can receive VMs, which are the other connected ones by default; null where one of them is not available.</summary>
    private protected async Task<(IReadOnlyList<LibvirtHost> Sources, IReadOnlyList<LibvirtHost> Named)?> ResolveRowsAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var destinations = OneDestination();
        var sources = await ResolveAsync([.. _rows.Select(row => row.Host)], output, cancellationToken);
        var named = destinations.Length > 0 ? await ResolveAsync(destinations, output, cancellationToken) : await Connected.TakeAsync(output.WriteWarning, cancellationToken);
        return sources.Count == 0 || named.Count == 0 ? null : (sources, named);
    }

    /// <summary>One plan has one list of destinations: rows of a file that name others, each for its own host, are not mixed.</summary>
    private HostReference[] OneDestination()
    {
        var hosts = _rows.GroupBy(row => row.Host.Text, row => row.Destinations, StringComparer.OrdinalIgnoreCase)
            .Select(host => (Name: host.Key, Destinations: host.SelectMany(destinations => destinations).DistinctBy(one => one.Text, StringComparer.OrdinalIgnoreCase).ToArray()))
            .ToArray();
        var first = hosts[0].Destinations;
        if (hosts.FirstOrDefault(host => !host.Destinations.Select(one => one.Text).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(first.Select(one => one.Text))) is { Name: not null } other)
        {
            throw new LiveMigrationException(Faults.ContradictingOptions,
                $"The rows name different destinations: {Words(hosts[0].Name, first)}, and {Words(other.Name, other.Destinations)}. One plan has the same destinations for all its hosts: specify them with -Destination, or start a plan for each row.");
        }

        return first;

        static string Words(string host, HostReference[] destinations) =>
            destinations.Length == 0 ? $"none for {host}" : $"{string.Join(", ", destinations.AsEnumerable())} for {host}";
    }

    private protected async Task<EvacuationPlan> PlanAsync(IReadOnlyList<LibvirtHost> sources, IReadOnlyList<LibvirtHost> named, PipelineOutput output, CancellationToken cancellationToken)
    {
        var description = Fleet?.Resolve(this.ToFile) ?? FleetDescription.None;
        // A wildcard for all hosts means all others.
        LibvirtHost[] destinations = [.. named.Except(sources)];
        var policy = Amend(new EvacuationPolicy());
        var fleet = await FleetSurvey.ReadAsync(sources, destinations, policy, MeasureDirtyRate, MakeRoom, cancellationToken);
        foreach (var name in description.StrangersTo(fleet))
            output.WriteVerbose($"The fleet description of '{name}' matches none of these hosts and their VMs.");
        var options = Amend(new EvacuationOptions()) with { Destinations = destinations.Select(host => host.Name).ToArray() };
        return EvacuationPlanner.Plan(description.Complete(fleet), [.. sources.Select(source => source.Name)], options) with { Policy = policy };
    }

    private protected override EvacuationOptions Amend(EvacuationOptions options) =>
        base.Amend(options) with { MakeRoom = Said(nameof(MakeRoom)) ? MakeRoom : options.MakeRoom };
}
