using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Binding;

/// <summary>References → the very domains that are meant; each that means none, or cannot be told from another, is an error.</summary>
/// <param name="resolver">Finds hosts.</param>
/// <param name="connected">The connected hosts.</param>
/// <param name="except">A host where not to look, unless it is named.</param>
/// <param name="output">Takes the errors.</param>
internal sealed class DomainTargets(HostResolver resolver, RollCall connected, LibvirtHost? except, PipelineOutput output)
{
    private readonly Dictionary<string, Task<IReadOnlyList<LibvirtHost>>> _hosts = new(StringComparer.OrdinalIgnoreCase);

    internal async Task<IReadOnlyList<LibvirtDomain>> FindAsync(IReadOnlyList<DomainReference> references, CancellationToken cancellationToken)
    {
        var found = new List<LibvirtDomain>();
        foreach (var reference in references)
        {
            try
            {
                found.AddRange(await FindAsync(reference, cancellationToken));
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(reference.Text));
            }
        }

        return [.. found.DistinctBy(domain => (domain.Uuid, domain.Host))];
    }

    private async Task<IReadOnlyList<LibvirtDomain>> FindAsync(DomainReference reference, CancellationToken cancellationToken)
    {
        if (reference.NotDomain is not null)
            throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"'{reference}' is a host, not a VM. Get-LibvirtDomain -HostName {reference} lists its VMs.");
        if (reference.Run is { } run)
            throw new LiveMigrationException(Faults.NotSupported, $"'{run.Name}' is a QEMU without libvirt, and this is for VMs of libvirt.", run.Source);
        if (reference.Domain is { } given)
            return [given];
        var hosts = await HostsAsync(reference.Hosts, cancellationToken);
        var found = await DomainFinder.ListAsync(hosts, new DomainQuery { Names = [reference.Text] }, output.WriteErrorAsync, cancellationToken);
        if (reference.HasWildcard && hosts.Count > 0)
            return found;
        // A definition that was kept where the domain came from is not the domain that is meant.
        var candidates = found.Where(domain => domain.Status.IsActive).ToArray() is { Length: > 0 } active ? active : found;
        return candidates.Count switch
        {
            0 => throw await MissingAsync(reference, hosts, cancellationToken),
            1 => candidates,
            _ when Leaving(candidates) is { } leaving => [leaving],
            _ => throw new LiveMigrationException(CmdletFaults.AmbiguousDomain,
                $"There is a domain {string.Join(" and ", candidates.Select(domain => $"'{domain.Name}' on {domain.HostName}"))}."),
        };
    }

    /// <summary>While a domain moves both hosts have it: the one that it leaves is meant. Null when these are different domains.</summary>
    private static LibvirtDomain? Leaving(IReadOnlyList<LibvirtDomain> candidates)
    {
        if (candidates.Any(domain => !domain.Migrating || domain.Uuid != candidates[0].Uuid))
            return null;
        if (candidates.FirstOrDefault(domain => MigrationRuns.Of(domain)?.Domain?.Host == domain.Host) is { } ours)
            return ours;
        var leaving = candidates.Where(domain => domain.Status is { IsExecuting: true, IsPostCopy: false } or { IsExecuting: false, IsPostCopy: true }).ToArray();
        return leaving.Length == 1 ? leaving[0] : null;
    }

    private async Task<LiveMigrationException> MissingAsync(DomainReference reference, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken)
    {
        var there = except is null ? [] : await DomainFinder.ListAsync(
            [except], new DomainQuery { Names = [reference.Text] }, _ => Task.CompletedTask, cancellationToken);
        if (there.Count > 0)
            return new LiveMigrationException(Faults.SameHost, $"'{there[0].Name}' is already on {except}: {there[0].Status}.", except!.Name);
        return hosts.Count == 0
            ? new LiveMigrationException(CmdletFaults.NoHost, $"'{reference}' is not on {except}, which is the destination and the only connected host.")
            : await DomainFinder.NotFoundAsync(reference, hosts, cancellationToken);
    }

    /// <summary>Resolved once: what is wrong with a host is found out once, and said for each domain that was to be found there.</summary>
    private Task<IReadOnlyList<LibvirtHost>> HostsAsync(IReadOnlyList<HostReference> references, CancellationToken cancellationToken)
    {
        var key = string.Join('\n', references.Select(reference => reference.Text));
        return _hosts.TryGetValue(key, out var hosts) ? hosts : _hosts[key] = ResolveAsync(references, cancellationToken);
    }

    private async Task<IReadOnlyList<LibvirtHost>> ResolveAsync(IReadOnlyList<HostReference> references, CancellationToken cancellationToken)
    {
        if (references.Count == 0)
        {
            return await connected.TakeAsync(output.WriteWarning, cancellationToken) is { Count: > 0 } answering ? [.. answering.Where(host => host != except)] : throw new LiveMigrationException(
                CmdletFaults.NoHost, "No host was specified, and no host is connected to search for the domain.");
        }

        var hosts = new List<LibvirtHost>();
        foreach (var reference in references)
            hosts.AddRange(await resolver.ResolveSomeAsync(reference, cancellationToken));
        return hosts;
    }
}
