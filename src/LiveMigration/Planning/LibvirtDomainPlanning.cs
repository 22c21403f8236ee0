using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Planning;

/// <summary>domain + destination → plan.</summary>
public static class LibvirtDomainPlanning
{
    /// <summary>Gathers what both hosts and the domain say, and thinks the migration through. Nothing is changed.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="destination">Where it is to go.</param>
    /// <param name="options">How; the defaults when null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Errors.LiveMigrationException">It cannot be done, and why.</exception>
    public static async Task<MigrationPlan> PlanMigrationAsync(
        this LibvirtDomain domain, LibvirtHost destination, MigrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(destination);
        options ??= MigrationOptions.Default;
        OptionRules.Check(options);
        var source = domain.Host;
        var sourceInfo = source.GetInfoAsync(cancellationToken);
        var destinationInfo = destination.GetInfoAsync(cancellationToken);
        var memory = destination.CallAsync(MemoryAvailable.Read, cancellationToken);
        var namesakes = destination.GetDomainsAsync(
            new DomainQuery { Names = [domain.Uuid.ToString(), options.NewName ?? domain.Name] }, cancellationToken);
        var now = await source.GetDomainAsync(domain.Uuid.ToString(), cancellationToken).ConfigureAwait(false);
        var xml = await source.CallAsync(domain.Uuid, native => native.GetXml(XmlView.Migratable | XmlView.Secure), cancellationToken).ConfigureAwait(false);
        var facts = new PlanFacts(
            now,
            xml,
            await sourceInfo.ConfigureAwait(false),
            await destinationInfo.ConfigureAwait(false),
            await memory.ConfigureAwait(false),
            await namesakes.ConfigureAwait(false));
        return MigrationPlanner.Plan(destination, facts, options);
    }
}
