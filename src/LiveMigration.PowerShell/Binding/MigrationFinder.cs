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
