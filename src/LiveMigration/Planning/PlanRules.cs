using LiveMigration.Errors;
using LiveMigration.Units;

namespace LiveMigration.Planning;

/// <summary>What these hosts, this domain and these options make impossible; found before anything moves.</summary>
internal static class PlanRules
{
    private static readonly Version MultifdPostCopy = new(10, 1, 0);
    private static readonly Version NoMtCompression = new(9, 1, 0);
    private static readonly Version MultifdCompression = new(9, 4, 0);

    /// <summary>Throws the first thing that stands in the way.</summary>
    internal static void Check(PlanFacts facts, MigrationOptions options)
    {
        var (domain, source, destination) = (facts.Domain, facts.Source, facts.Destination);
        if (source.Uuid is not null && source.Uuid == destination.Uuid)
            throw Refuse(Faults.SameHost, facts, source.Name == destination.Name
                ? $"'{source.Name}' is both source and destination."
                : $"'{source.Name}' and '{destination.Name}' are the same host: both have the UUID {source.Uuid}.");
        if (source.Hypervisor != destination.Hypervisor)
            throw Refuse(Faults.DifferentHypervisor, facts, $"{source.Name} runs {source.Hypervisor} and {destination.Name} runs {destination.Hypervisor}.");
        if (domain.Migrating)
            throw Refuse(Faults.MigrationInProgress, facts, $"'{domain.Name}' is already being migrated.");
        CheckState(facts, options);
        CheckNamesakes(facts, options);
        CheckVersions(facts, options);
        var cpus = Math.Min(source.Cpus, destination.Cpus);
        if (options.CpuAffinity is { } affinity && affinity.Any(cpu => cpu >= cpus))
            throw Refuse(Faults.NoSuchCpu, facts, $"-MigrationCpuAffinity names CPU {affinity.Max()}, but the hosts have CPUs 0 to {cpus - 1}.");
        // Huge pages were set aside, and are not of what is available: readiness counts them (LM047), and the reservation does.
        if (!options.Offline && !options.AllowMemoryOvercommit && facts.HugePages is null && facts.DestinationMemoryAvailable is { } available && available < domain.MaxMemory)
            throw Refuse(Faults.InsufficientMemory, facts,
                $"'{domain.Name}' may use {new ByteSize(domain.MaxMemory.Value)}, but {destination.Name} has {new ByteSize(available)} available.");
    }

    private static void CheckState(PlanFacts facts, MigrationOptions options)
    {
        var domain = facts.Domain;
        if (options.Offline && domain.Status.IsActive)
            throw Refuse(Faults.DomainRunning, facts, $"'{domain.Name}' is {domain.Status}: -Offline is for a domain that is shut off.");
        if (options.Offline && !domain.Persistent)
            throw Refuse(Faults.DomainNotRunning, facts, $"'{domain.Name}' is transient and has no definition to move.");
        if (!options.Offline && !domain.Status.IsActive)
            throw Refuse(Faults.DomainNotRunning, facts, $"'{domain.Name}' is {domain.Status} on {facts.Source.Name} and cannot be migrated live.");
        if (options.MayPostCopy && !domain.Status.IsExecuting)
            throw Refuse(Faults.DomainNotRunning, facts, $"'{domain.Name}' is {domain.Status}: post-copy requires a running domain.");
    }

    private static void CheckNamesakes(PlanFacts facts, MigrationOptions options)
    {
        var name = options.NewName ?? facts.Domain.Name;
        foreach (var other in facts.Namesakes)
        {
            if (other.Uuid != facts.Domain.Uuid)
                throw Refuse(Faults.DomainExists, facts, $"{facts.Destination.Name} already has another domain named '{other.Name}' (UUID {other.Uuid}).");
            if (other.Status.IsActive)
                throw Refuse(Faults.DomainExists, facts, $"'{other.Name}' is {other.Status} on {facts.Destination.Name} already.");
            if (other.Name != name)
                throw Refuse(Faults.DomainExists, facts, $"{facts.Destination.Name} has this domain's UUID under the name '{other.Name}'.");
        }
    }

    private static void CheckVersions(PlanFacts facts, MigrationOptions options)
    {
        var qemu = Min(facts.Source.HypervisorVersion, facts.Destination.HypervisorVersion);
        var libvirt = Min(facts.Source.LibvirtVersion, facts.Destination.LibvirtVersion);
        if (options is { MayPostCopy: true, Parallel: not null } && qemu < MultifdPostCopy)
            throw Refuse(Faults.NotSupportedByVersion, facts,
                $"Post-copy with -Parallel needs QEMU {MultifdPostCopy} on both hosts; the older has {qemu}, which would refuse the switch.");
        var newest = Max(facts.Source.HypervisorVersion, facts.Destination.HypervisorVersion);
        if (options.Compression is MigrationCompression.Mt && newest >= NoMtCompression)
            throw Refuse(Faults.NotSupportedByVersion, facts, $"-Compression Mt was removed in QEMU {NoMtCompression}, and one host has {newest}: use Zstd with -Parallel, or Xbzrle.");
        if (options.Compression is MigrationCompression.Zlib or MigrationCompression.Zstd && libvirt < MultifdCompression)
            throw Refuse(Faults.NotSupportedByVersion, facts, $"-Compression {options.Compression} needs libvirt {MultifdCompression} on both hosts; the older has {libvirt}.");
    }

    private static Version Min(Version one, Version other) => one < other ? one : other;

    private static Version Max(Version one, Version other) => one > other ? one : other;

    private static LiveMigrationException Refuse(Fault fault, PlanFacts facts, string reason) =>
        new(fault, reason, fault == Faults.DomainExists || fault == Faults.InsufficientMemory ? facts.Destination.Name : facts.Source.Name);
}
