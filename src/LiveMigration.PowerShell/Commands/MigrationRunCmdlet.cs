using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet that does something with migrations under way, named by their VMs or piped.</summary>
public abstract class MigrationRunCmdlet : HostCmdlet
{
    private readonly List<DomainReference> _names = [];
    private readonly List<MigrationRun> _runs = [];

    /// <summary>The migrations of which VMs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Name")]
    [Alias("VMName", "Domain")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MigratingDomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>On which hosts to look; on the connected ones by default.</summary>
    [Parameter(ParameterSetName = "Name")]
    [Alias("Host", "ComputerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>The migrations themselves.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Migration")]
    public MigrationRun[] Migration { get; set; } = [];

    private protected abstract Task HandleAsync(IReadOnlyList<MigrationRun> runs, PipelineOutput output, CancellationToken cancellationToken);

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _names.AddRange(Name);
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
        var hosts = HostName.Length == 0 && _names.All(name => name.Domain is not null)
            ? [.. _names.Select(name => name.Domain!.Host).Distinct()]
            : await ResolveAsync(HostName, output, cancellationToken);
        var runs = await MigrationFinder.FindAsync(hosts, _names, WriteErrorAsync, cancellationToken);
        foreach (var name in _names.Where(name => !failed && !name.HasWildcard))
        {
            if (!runs.Any(run => run.Domain.Uuid == name.Domain?.Uuid || Domains.DomainQuery.Matches(name.Text, run.Name, run.Domain.Uuid)))
                await WriteErrorAsync(new LiveMigrationException(Faults.NoMigration, $"No migration of '{name}' is under way.").ToErrorRecord(name.Text));
        }

        return runs;

        Task WriteErrorAsync(ErrorRecord error)
        {
            failed = true;
            return output.WriteErrorAsync(error);
        }
    }
}
