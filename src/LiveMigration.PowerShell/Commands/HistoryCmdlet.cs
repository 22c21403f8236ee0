using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Migration.History;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Takes migrations from the history, by VM, host and time.</summary>
public abstract class HistoryCmdlet : AsyncCmdlet
{
    private readonly List<MigrationRecord> _found = [];
    private readonly Lazy<IReadOnlyList<MigrationRecord>> _all = new(() => new MigrationHistory(UserState.Store).Read());

    /// <summary>The VMs; all by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "Domain", "DomainName", "Uuid")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>Only migrations from or to these hosts, by the names that the hosts had.</summary>
    [Parameter]
    [Alias("Host", "ComputerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>Only migrations that started at this time or later.</summary>
    [Parameter]
    public DateTime? After { get; set; }

    /// <summary>Only migrations that started before this time.</summary>
    [Parameter]
    public DateTime? Before { get; set; }

    /// <summary>Those that were found, the one that ended last at the end; several records of the pipeline may mean the same VM.</summary>
    private protected MigrationRecord[] Found => [.. _found.Distinct().OrderBy(record => record.StartTime + record.TotalTime)];

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        // A host that is piped in means the migrations from and to it.
        HostReference[] hosts = [.. HostName, .. Name.Select(name => name.NotDomain).OfType<HostReference>()];
        DomainReference[] names = [.. Name.Where(name => name.NotDomain is null)];
        _found.AddRange(_all.Value.Where(record =>
            (names.Length == 0 || names.Any(name => IsOf(record, name)))
            && (hosts.Length == 0 || hosts.Any(host => IsOn(record, WildcardPattern.Get(host.Text, WildcardOptions.IgnoreCase))))
            && (After is not { } after || record.StartTime >= after)
            && (Before is not { } before || record.StartTime < before)));
        return Task.CompletedTask;
    }

    /// <summary>A VM that was found is meant by its UUID: another one may have had its name.</summary>
    private static bool IsOf(MigrationRecord record, DomainReference name) => name.Domain is { } domain
        ? record.Uuid == domain.Uuid
        : DomainQuery.Matches(name.Text, record.Name, record.Uuid, ignoreCase: true) || DomainQuery.Matches(name.Text, record.FinalName, record.Uuid, ignoreCase: true);

    private static bool IsOn(MigrationRecord record, WildcardPattern host) => host.IsMatch(record.Source) || (record.Destination is { } there && host.IsMatch(there));
}
