using LiveMigration.Domains;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Hosts;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>hosts → fleet: asks them what a plan has to know. Nothing is changed.</summary>
public static class FleetSurvey
{
    /// <summary>A destination is asked about so many domains at a time: enough to be quick, too few to starve its daemon.</summary>
    private const int AtOnce = 4;

    private const string Moving = "it is already being migrated";

    /// <summary>Looks at hosts to empty and hosts to receive, and for each running domain of the former where it could go.</summary>
    /// <param name="sources">The hosts to empty.</param>
    /// <param name="destinations">The hosts that can receive VMs.</param>
    /// <param name="policy">How the domains are to migrate, and which checks do not matter.</param>
    /// <param name="measure">For how long to measure dirty rates; null measures none.</param>
    /// <param name="makeRoom">Whether domains of destination hosts may move, too, and so are looked at as closely.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">A host does not answer.</exception>
    public static async Task<Fleet> ReadAsync(
        IReadOnlyList<LibvirtHost> sources,
        IReadOnlyList<LibvirtHost> destinations,
        EvacuationPolicy? policy = null,
        Duration? measure = null,
        bool makeRoom = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(destinations);
        // Whether there is room is the planner's question: it knows who else comes.
        policy ??= new EvacuationPolicy();
        var options = policy.Migration with { AllowMemoryOvercommit = true };
        var audit = ReadinessSelection.BlockersBut(policy.SkipReadiness) is { } blockers ? new ReadinessAudit(selection: blockers) : null;
        var all = await Task.WhenAll(sources.Concat(destinations).Distinct().Select(host => LookAsync(host, cancellationToken))).ConfigureAwait(false);
        // One that is on its way is on both sides: it takes its room where it arrives.
        var arriving = all.Where(look => !sources.Contains(look.Host)).SelectMany(look => look.Domains).Select(domain => domain.Uuid).ToHashSet();
        var looks = all.Select(look => sources.Contains(look.Host) ? look with { Domains = [.. look.Domains.Where(domain => !arriving.Contains(domain.Uuid))] } : look).ToArray();
        using var asking = new SemaphoreSlim(AtOnce * Math.Max(1, destinations.Count));
        var movable = looks.ToLookup(look => makeRoom || sources.Contains(look.Host), look => look.Domains);
        var asked = await Task.WhenAll(movable[true].SelectMany(domains => domains)
            .Select(domain => AskAsync(domain, destinations, policy.For(domain, options), audit, measure, asking, cancellationToken))).ConfigureAwait(false);
        return new Fleet
        {
            Hosts = [.. looks.Select(look => look.Facts)],
            Domains = [.. asked, .. movable[false].SelectMany(domains => domains).Select(Facts)],
        };
    }

    /// <summary>Looks at hosts and what runs on them, without asking where each domain could go. One that is on its way is where it arrives, and stays there.</summary>
    internal static async Task<(Fleet Fleet, IReadOnlyDictionary<Guid, LibvirtDomain> Domains)> LookAsync(IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken)
    {
        var looks = await Task.WhenAll(hosts.Select(host => LookAsync(host, cancellationToken))).ConfigureAwait(false);
        var domains = looks.SelectMany(look => look.Domains).GroupBy(domain => domain.Uuid).Select(group => (Domain: group.MinBy(domain => Arriving(domain.Status))!, IsMoving: group.Any(domain => domain.Migrating) || group.Count() > 1)).ToArray();
        return (
            new Fleet { Hosts = [.. looks.Select(look => look.Facts with { IsInMaintenance = look.IsInMaintenance })], Domains = [.. domains.Select(one => one.IsMoving ? Facts(one.Domain) with { Pinned = Moving } : Facts(one.Domain))] },
            domains.ToDictionary(one => one.Domain.Uuid, one => one.Domain));
    }

    /// <summary>What is to be known of domains that may move to a host each: what speaks against it, disks, and dirty rates but of those whose rate is known.</summary>
    internal static async Task<IReadOnlyDictionary<Guid, FleetDomain>> AskAsync(
        IReadOnlyList<(LibvirtDomain Domain, LibvirtHost Destination)> moves, EvacuationPolicy policy, Duration? measure, IReadOnlySet<Guid> measured, CancellationToken cancellationToken)
    {
        var options = policy.Migration with { AllowMemoryOvercommit = true };
        var audit = ReadinessSelection.BlockersBut(policy.SkipReadiness) is { } blockers ? new ReadinessAudit(selection: blockers) : null;
        using var asking = new SemaphoreSlim(AtOnce * Math.Max(1, moves.Select(move => move.Destination).Distinct().Count()));
        var answers = await Task.WhenAll(moves.Select(move => AskAsync(move.Domain, [move.Destination], policy.For(move.Domain, options), audit, measured.Contains(move.Domain.Uuid) ? null : measure, asking, cancellationToken))).ConfigureAwait(false);
        return answers.ToDictionary(answer => answer.Uuid);
    }

    /// <summary>Of the two sides of a migration the one that arrives has the lower number: it is paused until the guest is switched over, and runs then.</summary>
    internal static int Arriving(DomainStatus status) => (status.IsPostCopy, status.State) switch
    {
        (true, DomainState.Running) => 0,
        (false, not DomainState.Running) => 1,
        _ => 2,
    };

    private static async Task<Look> LookAsync(LibvirtHost host, CancellationToken cancellationToken)
    {
        var info = await host.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var available = await host.CallAsync(MemoryAvailable.Read, cancellationToken).ConfigureAwait(false);
        var domains = await host.GetDomainsAsync(DomainQuery.All, cancellationToken).ConfigureAwait(false);
        LibvirtDomain[] active = [.. domains.Where(domain => domain.Status.IsActive)];
        // What is taken and is not its guests' is the host's own.
        var taken = available is { } left ? info.Memory - left - active.Sum(domain => domain.Memory ?? 0) : 0;
        return new Look(host, new FleetHost { Name = host.Name, Memory = new ByteSize(info.Memory), ReservedMemory = new ByteSize(Math.Max(0, taken)) }, active, info.Maintenance is not null);
    }

    private static async Task<FleetDomain> AskAsync(
        LibvirtDomain domain, IReadOnlyList<LibvirtHost> destinations, MigrationOptions options, ReadinessAudit? audit, Duration? measure, SemaphoreSlim asking, CancellationToken cancellationToken)
    {
        var facts = Facts(domain);
        if (domain.Migrating)
            return facts with { Pinned = Moving };
        var rate = MeasureAsync(domain, measure, cancellationToken);
        var answers = await Task.WhenAll(destinations.Where(host => host != domain.Host).Select(host => AnswerAsync(domain, host, options, audit, asking, cancellationToken))).ConfigureAwait(false);
        return facts with
        {
            DirtyRate = await rate.ConfigureAwait(false),
            Disks = answers.Select(answer => answer.Disks).DefaultIfEmpty().Max(),
            Refusals = answers.Where(answer => answer.Reason is not null).ToDictionary(answer => answer.Host, answer => answer.Reason!),
        };
    }

    private static async Task<(string Host, string? Reason, long Disks)> AnswerAsync(
        LibvirtDomain domain, LibvirtHost destination, MigrationOptions options, ReadinessAudit? audit, SemaphoreSlim asking, CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (plan, report) = audit is null
                ? (await domain.PlanMigrationAsync(destination, options, cancellationToken).ConfigureAwait(false), null)
                : await audit.PlanAndTestAsync(domain, destination, options, cancellationToken).ConfigureAwait(false);
            return report is { Failed.Count: > 0 } ? (destination.Name, report.Reasons, default) : (destination.Name, null, plan.Disks.Sum(disk => disk.Bytes ?? disk.Capacity ?? 0));
        }
        catch (LiveMigrationException refusal)
        {
            return (destination.Name, refusal.Message.TrimEnd('.'), default);
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>A rate that is not available is one that is not known: the plan says so by leaving it out.</summary>
    internal static async Task<long?> MeasureAsync(LibvirtDomain domain, Duration? period, CancellationToken cancellationToken)
    {
        if (period is not { } wanted || domain.State is not DomainState.Running)
            return null;
        try
        {
            return (await domain.MeasureDirtyRateAsync(wanted, DirtyRateMode.PageSampling, cancellationToken).ConfigureAwait(false)).Rate;
        }
        catch (LiveMigrationException)
        {
            return null;
        }
    }

    private static FleetDomain Facts(LibvirtDomain domain) => new()
    {
        Uuid = domain.Uuid,
        Name = domain.Name,
        Host = domain.HostName,
        Memory = domain.Memory ?? domain.MaxMemory ?? 0,
        VCpus = domain.VCpus ?? 0,
        // Nobody can say whether it fits anywhere.
        Pinned = domain is { Memory: null, MaxMemory: null } or { VCpus: null } ? "its host does not report its memory and virtual CPUs" : null,
    };

    private sealed record Look(LibvirtHost Host, FleetHost Facts, IReadOnlyList<LibvirtDomain> Domains, bool IsInMaintenance);
}
