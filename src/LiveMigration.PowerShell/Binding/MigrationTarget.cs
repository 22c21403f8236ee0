using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Binding;

/// <summary>A domain and where it is to go, as they were named.</summary>
/// <param name="Domain">The domain, or several with wildcards.</param>
/// <param name="Destinations">The destination.</param>
/// <param name="Several">Whether that may be several hosts, each of which is looked at.</param>
internal sealed record MigrationTarget(DomainReference Domain, IReadOnlyList<HostReference> Destinations, bool Several)
{
    /// <summary>
    /// What the command line and a record of the pipeline say together. PowerShell gives what is typed first to -Name, as it cannot know
    /// that the pipeline brings the VMs: <c>Get-LibvirtDomain web1 | Start-VMLiveMigration b</c> means the host b.
    /// </summary>
    /// <param name="named">What -Name has.</param>
    /// <param name="piped">What the pipeline brought.</param>
    /// <param name="destinations">What -Destination has.</param>
    /// <param name="typed">Whether that was typed; what a record says counts less.</param>
    /// <param name="several">Whether there may be several destinations.</param>
    /// <exception cref="LiveMigrationException">There is no destination, or VMs were both typed and piped.</exception>
    internal static IEnumerable<MigrationTarget> Of(
        IReadOnlyList<DomainReference> named, IReadOnlyList<DomainReference> piped, IReadOnlyList<HostReference> destinations, bool typed, bool several = false)
    {
        if (!typed)
            destinations = [.. destinations.Where(host => host.Text.Length > 0)];
        if (piped.Count == 0 && named.Count == 0)
            throw new LiveMigrationException(CmdletFaults.NoDomain, "No VM was specified.");
        if (piped.Count == 0 && destinations.Count == 0)
            throw new LiveMigrationException(CmdletFaults.NoDestination, $"No destination was specified for {string.Join(", ", named)}.");
        if (piped.Count == 0)
            return named.Select(domain => new MigrationTarget(domain, destinations, several));
        if (named.Count > 0 && typed)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"VMs were both named ({string.Join(", ", named)}) and piped in ({string.Join(", ", piped)}): do one or the other.");
        if (named.Count > 0)
            destinations = [.. named.Select(first => first.NotDomain ?? new HostReference(first.Text))];
        if (destinations.Count == 0)
            throw new LiveMigrationException(CmdletFaults.NoDestination, $"No destination was specified for {string.Join(", ", piped)}.");
        if (destinations.Count > 1 && !several)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"A VM can move to one host only, not to {string.Join(" and ", destinations)}.");
        return piped.Select(domain => new MigrationTarget(domain, destinations, several));
    }

    /// <summary>The domains and hosts that are meant, each pair once. What means none is an error; the others are found.</summary>
    /// <exception cref="LiveMigrationException">There is one destination, and it is not available.</exception>
    internal static async Task<IReadOnlyList<(LibvirtDomain Domain, LibvirtHost Destination)>> FindAsync(
        IReadOnlyList<MigrationTarget> targets, HostResolver hosts, RollCall connected, PipelineOutput output, CancellationToken cancellationToken)
    {
        var pairs = new List<(LibvirtDomain Domain, LibvirtHost Destination)>();
        var groups = targets.GroupBy(target => string.Join('\n', target.Destinations)).ToArray();
        foreach (var group in groups)
        {
            var destinations = new List<LibvirtHost>();
            foreach (var reference in group.First().Destinations)
            {
                try
                {
                    if (group.First().Several)
                        destinations.AddRange(await hosts.ResolveSomeAsync(reference, cancellationToken));
                    else
                        destinations.Add(await hosts.ResolveAsync(reference, cancellationToken));
                }
                catch (LiveMigrationException error) when (groups.Length > 1 || group.First().Destinations.Count > 1)
                {
                    await output.WriteErrorAsync(error.ToErrorRecord(reference.Text));
                }
            }

            if (destinations.Count == 0)
                continue;
            var domains = new DomainTargets(hosts, connected, except: destinations is [var one] ? one : null, output);
            var found = await domains.FindAsync([.. group.Select(target => target.Domain)], cancellationToken);
            pairs.AddRange(found.SelectMany(domain => destinations.Select(destination => (domain, destination))));
        }

        return [.. pairs.Distinct()];
    }
}
