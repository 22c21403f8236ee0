using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Binding;

/// <summary>References → domains on hosts, and an error for each reference that names none.</summary>
internal static class DomainFinder
{
    /// <summary>
    /// Asks all hosts at once. Names match as names do in PowerShell, without regard to case; but where one of them is a domain's name to
    /// the letter, it does not mean another domain whose name differs in case.
    /// </summary>
    /// <param name="hosts">Where to look.</param>
    /// <param name="query">For what.</param>
    /// <param name="onError">Is told of each host that did not answer.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<IReadOnlyList<LibvirtDomain>> ListAsync(
        IReadOnlyList<LibvirtHost> hosts, DomainQuery query, Func<ErrorRecord, Task> onError, CancellationToken cancellationToken)
    {
        query = query with { IgnoreCase = true };
        var asking = hosts.Select(host => (host, domains: host.GetDomainsAsync(query, cancellationToken))).ToArray();
        var found = new List<LibvirtDomain>();
        foreach (var (host, domains) in asking)
        {
            try
            {
                found.AddRange((await domains).OrderBy(domain => domain.Name, StringComparer.Ordinal));
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                await onError(error.ToErrorRecord(host.Name));
            }
        }

        var exact = query.Names.Where(name => found.Exists(domain => domain.Name == name)).ToHashSet();
        return exact.Count == 0 ? found
            : [.. found.Where(domain => query.Names.Any(name => DomainQuery.Matches(name, domain.Name, domain.Uuid, ignoreCase: !exact.Contains(name))))];
    }

    /// <summary>Whether a domain is what a name means.</summary>
    internal static bool IsMeant(DomainReference reference, LibvirtDomain domain) =>
        DomainQuery.Matches(reference.Query, domain.Name, domain.Uuid, ignoreCase: true);

    /// <summary>That there is no such domain, with the names that may have been meant.</summary>
    internal static async Task<LiveMigrationException> NotFoundAsync(
        DomainReference reference, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken)
    {
        var all = await ListAsync(hosts, DomainQuery.All, _ => Task.CompletedTask, cancellationToken);
        var where = string.Join(", ", hosts.Select(host => host.Name));
        var hint = NearNames.Ask(NearNames.Of(reference.Text, all.Select(domain => domain.Name)));
        return new LiveMigrationException(
            Faults.DomainNotFound, $"Domain '{reference.Text}' was not found on {where}.{(hint is null ? "" : " " + hint)}", hosts.Count == 1 ? where : null);
    }
}
