using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Binding;

/// <summary>Hosts → the migrations that leave them or come to them, no matter who started them.</summary>
internal static class MigrationFinder
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Those between QEMUs without libvirt, which only this process knows of.</summary>
    /// <param name="names">Of which VMs; of all when empty.</param>
    internal static IReadOnlyList<MigrationRun> OfQemu(IReadOnlyList<DomainReference> names) =>
        [.. MigrationRuns.Current.Where(run => run.SourceProcess is not null && (names.Count == 0 || names.Any(name => IsMeant(name, run))))];

    /// <summary>Those names that do not stand for such a migration alone.</summary>
    internal static DomainReference[] Without(IReadOnlyList<DomainReference> names, IReadOnlyList<MigrationRun> ofQemu) =>
        [.. names.Where(name => name.HasWildcard || !ofQemu.Any(run => IsMeant(name, run)))];

    private static bool IsMeant(DomainReference name, MigrationRun run) =>
        name.Run is { } given ? given == run : name.Domain is null && name.NotDomain is null
        && (WildcardPattern.Get(name.Text, WildcardOptions.IgnoreCase).IsMatch(run.Name) || (Guid.TryParse(name.Text, out var uuid) && uuid == run.Uuid));

    /// <param name="hosts">Where to look.</param>
    /// <param name="names">Of which domains; of all when empty.</param>
    /// <param name="onError">Is told of each host that did not answer, and of each name that means no domain.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<IReadOnlyList<MigrationRun>> FindAsync(
        IReadOnlyList<LibvirtHost> hosts, IReadOnlyList<DomainReference> names, Func<ErrorRecord, Task> onError, CancellationToken cancellationToken)
    {
        var query = new DomainQuery { Names = [.. names.Select(name => name.Query)] };
        var domains = await DomainFinder.ListAsync(hosts, query, onError, cancellationToken);
        foreach (var name in names.Where(name => hosts.Count > 0 && name.Domain is null && !name.HasWildcard))
        {
            if (!domains.Any(domain => DomainFinder.IsMeant(name, domain)))
                await onError((await DomainFinder.NotFoundAsync(name, hosts, cancellationToken)).ToErrorRecord(name.Text));
        }

        var runs = new List<MigrationRun>();
        foreach (var domain in domains.Where(domain => domain.Migrating || MigrationRuns.Of(domain) is not null))
        {
            try
            {
                var destination = MigrationRuns.Of(domain) is null ? await DestinationAsync(domain, cancellationToken) : null;
                if (await domain.GetMigrationAsync(destination, cancellationToken) is { } run)
                    runs.Add(run);
            }
            catch (LiveMigrationException error)
            {
                await onError(error.ToErrorRecord(domain));
            }
        }

        return [.. runs.DistinctBy(run => run.Id)];
    }

    /// <summary>libvirt does not say where a migration goes; a connected host that is being filled with the domain does.</summary>
    private static async Task<LibvirtHost?> DestinationAsync(LibvirtDomain domain, CancellationToken cancellationToken)
    {
        var others = (await RollCall.TakeAsync(Patience, cancellationToken)).Where(host => host != domain.Host).ToArray();
        var query = new DomainQuery { Names = [domain.Uuid.ToString()] };
        var copies = await DomainFinder.ListAsync(others, query, _ => Task.CompletedTask, cancellationToken);
        return copies.FirstOrDefault(copy => copy.Migrating)?.Host;
    }
}
