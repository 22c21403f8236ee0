using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet that does something with migrations in progress, named by their VMs or piped.</summary>
public abstract class MigrationRunCmdlet : HostCmdlet
{
    private readonly List<DomainReference> _names = [];
    private readonly List<MigrationRun> _runs = [];

    /// <summary>The migrations of which VMs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Alias("VMName", "Domain", "DomainName", "Uuid")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MigratingDomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>The hosts to search; all connected hosts by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Alias("Host", "ComputerName", "Source")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>The migrations themselves.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Migration")]
    public MigrationRun[] Migration { get; set; } = [];

    private protected abstract Task HandleAsync(IReadOnlyList<MigrationRun> runs, PipelineOutput output, CancellationToken cancellationToken);

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (Name.FirstOrDefault(name => name.NotDomain is not null) is { } host)
            throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"'{host}' is a host, not a VM. Get-VMLiveMigration -HostName {host} lists its migrations.");
        if (MyInvocation.ExpectingInput && IsTyped("Name"))
            throw new LiveMigrationException(Faults.ContradictingOptions, $"VMs were both named ({string.Join(", ", Name.AsEnumerable())}) and piped in: do one or the other.");
        _names.AddRange(On(Name, HostName));
        _runs.AddRange(Migration);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (_names.Count > 0)
            _runs.AddRange(await FindAsync(output, cancellationToken));
        await HandleAsync([.. _runs.DistinctBy(run => run.Id)], output, cancellationToken);
        WriteNotices(output);
    }

    private async Task<IReadOnlyList<MigrationRun>> FindAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var failed = false;
        var found = new List<MigrationRun>();
        foreach (var place in _names.GroupBy(Place))
        {
            failed = false;
            var ofQemu = place.Key is { Host: null, Hosts: "" } ? MigrationFinder.OfQemu([.. place]) : [];
            found.AddRange(ofQemu);
            var names = MigrationFinder.Without([.. place], ofQemu);
            if (names.Length == 0 || (ofQemu.Count > 0 && HostSessions.All.Count == 0))
                continue;
            var hosts = place.Key.Host is { } host ? [host] : await ResolveAsync(names[0].Hosts, output, cancellationToken);
            var runs = await MigrationFinder.FindAsync(hosts, names, WriteErrorAsync, cancellationToken);
            foreach (var name in names.Where(name => !failed && !name.HasWildcard))
            {
                if (!runs.Any(run => run.Domain is { } domain && DomainFinder.IsMeant(name, domain)))
                    await WriteErrorAsync(new LiveMigrationException(Faults.NoMigration, $"No migration of '{name}' is running.").ToErrorRecord(name.Text));
            }

            found.AddRange(runs);
        }

        return found;

        // A domain that was given is asked for where it was; others where they are said to be, or on all connected hosts.
        (LibvirtHost? Host, string Hosts) Place(DomainReference name) =>
            IsTyped(nameof(HostName)) || name.Domain is null ? (null, string.Join('\n', name.Hosts)) : (name.Domain.Host, "");

        Task WriteErrorAsync(ErrorRecord error)
        {
            failed = true;
            return output.WriteErrorAsync(error);
        }
    }
}
