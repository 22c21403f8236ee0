using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Storage;
using LiveMigration.Tracing;

namespace LiveMigration.Planning;

/// <summary>domain + destination → plan.</summary>
public static class LibvirtDomainPlanning
{
    /// <summary>Gathers what both hosts and the domain say, and plans the migration. Nothing is changed; a
    /// marker file may be written into a pool and removed again, to find out whether both hosts see the same files.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="options">How; the defaults when null.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Errors.LiveMigrationException">It cannot be done, and why.</exception>
    public static Task<MigrationPlan> PlanMigrationAsync(
        this LibvirtDomain domain, LibvirtHost destination, MigrationOptions? options = null, CancellationToken cancellationToken = default) =>
        PlanMigrationAsync(domain, destination, options, new(), new(), cancellationToken);

    /// <summary>The same with what hosts were asked before, and the pools that were looked at, in the same run.</summary>
    internal static async Task<MigrationPlan> PlanMigrationAsync(
        this LibvirtDomain domain, LibvirtHost destination, MigrationOptions? options, Inventory inventory, PoolLooks looks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(destination);
        options ??= MigrationOptions.Default;
        OptionRules.Check(options);
        using var span = Tracer.Begin("plan", domain.HostName);
        var start = Tracer.Now;
        var source = domain.Host;
        var sourceFacts = inventory.Facts.OfAsync(source, cancellationToken);
        var destinationFacts = inventory.Facts.OfAsync(destination, cancellationToken);
        var memory = inventory.Memory.OfAsync(destination, cancellationToken);
        var namesakes = inventory.FindAsync(destination, [domain.Uuid.ToString(), options.NewName ?? domain.Name], cancellationToken);
        var asked = inventory.FindAsync(source, [domain.Uuid.ToString()], cancellationToken);
        var definitions = source.CallAsync(domain.Uuid, native => new DomainDefinitions(
            native.GetXml(XmlView.Migratable | XmlView.Secure),
            native.IsPersistent() ? native.GetXml(XmlView.Inactive | XmlView.Migratable | XmlView.Secure) : null), cancellationToken);
        var emulator = options.DestinationXml is null ? EmulatorAsync(definitions, destination, cancellationToken) : Task.FromResult<string?>(null);
        var now = await asked.ConfigureAwait(false) is [var found, ..] ? found : throw LibvirtHostDomains.NotFound(source, domain.Uuid.ToString());
        var disks = options.Offline || !now.Status.IsActive
            ? []
            : await StorageFacts.ReadAsync(now, destination, new DiskPlaces(options.DiskMap, options.DestinationXml), options.Storage, cancellationToken, looks, inventory).ConfigureAwait(false);
        var facts = new PlanFacts(
            now,
            await definitions.ConfigureAwait(false),
            (await sourceFacts.ConfigureAwait(false)).Info,
            (await destinationFacts.ConfigureAwait(false)).Info,
            await memory.ConfigureAwait(false),
            await namesakes.ConfigureAwait(false)) { Disks = disks, Emulator = await emulator.ConfigureAwait(false) };
        var plan = MigrationPlanner.Plan(destination, facts, options);
        Tracer.Say($"Plan: {plan} ({Tracer.Since(start)}).");
        Tracer.Say($"{plan.WhyMode}");
        return plan;
    }

    /// <summary>A host that cannot say it is left to refuse the VM itself.</summary>
    private static async Task<string?> EmulatorAsync(Task<DomainDefinitions> definitions, LibvirtHost destination, CancellationToken cancellationToken)
    {
        var kind = MachineKind.Of(System.Xml.Linq.XElement.Parse((await definitions.ConfigureAwait(false)).Running));
        try
        {
            return await destination.CallAsync(connection => HostFitness.OwnCapabilities(connection, kind).Emulator, cancellationToken).ConfigureAwait(false);
        }
        catch (Errors.LibvirtException)
        {
            return null;
        }
    }

    /// <summary>Plans the recovery of an interrupted post-copy migration. Nothing is changed.</summary>
    /// <param name="domain">The domain on the source.</param>
    /// <param name="destination">Where the other half is.</param>
    /// <param name="options">Those of the migration that broke.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Errors.LiveMigrationException">There is no interrupted post-copy migration.</exception>
    public static async Task<MigrationPlan> PlanPostCopyResumeAsync(
        this LibvirtDomain domain, LibvirtHost destination, MigrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(destination);
        var here = await domain.Host.GetDomainAsync(domain.Uuid.ToString(), cancellationToken).ConfigureAwait(false);
        var there = await destination.GetDomainAsync(domain.Uuid.ToString(), cancellationToken).ConfigureAwait(false);
        if (!here.Status.IsPostCopyFailed && !there.Status.IsPostCopyFailed)
        {
            throw new Errors.LiveMigrationException(
                Errors.Faults.NotBrokenInPostCopy,
                $"'{domain.Name}' is {here.Status} on {domain.HostName} and {there.Status} on {destination.Name}: there is no interrupted post-copy to resume.", domain.HostName);
        }

        return MigrationPlanner.ForResume(here, destination, options ?? MigrationOptions.Default);
    }
}
