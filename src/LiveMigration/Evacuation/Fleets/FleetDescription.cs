using LiveMigration.Domains;

namespace LiveMigration.Evacuation.Fleets;

/// <summary>
/// What the hosts do not report: the links between them, their limits, and which domains belong together, apart, or stay.
/// A plan is made with it, and takes it along to its run.
/// </summary>
public sealed record FleetDescription
{
    /// <summary>Nothing is said: each host has its card, and no other link.</summary>
    public static readonly FleetDescription None = new();

    /// <summary>The links that have a limit.</summary>
    public IReadOnlyList<FleetLink> Links { get; init; } = [];

    /// <summary>The hosts, by names that may have wildcards. Of several that fit, the later one wins.</summary>
    public IReadOnlyList<HostLimits> Hosts { get; init; } = [];

    /// <summary>The domains. Of several that fit, the later one wins.</summary>
    public IReadOnlyList<DomainWishes> Domains { get; init; } = [];

    /// <summary>What is described of a host.</summary>
    /// <param name="host">Its name.</param>
    public HostLimits LimitsOf(string host) => Limit(new HostLimits { Name = host });

    /// <summary>The fleet that the hosts report, completed with this description.</summary>
    /// <param name="fleet">The fleet.</param>
    public Fleet Complete(Fleet fleet)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        return fleet with
        {
            Hosts = [.. fleet.Hosts.Select(Limit)],
            Links = [.. fleet.Links, .. Links],
            Domains = [.. fleet.Domains.Select(Wish)],
            Description = this,
        };
    }

    /// <summary>The names here that fit nothing in a fleet.</summary>
    /// <param name="fleet">The fleet.</param>
    public IEnumerable<string> StrangersTo(Fleet fleet)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        return Hosts.Where(limits => !fleet.Hosts.Any(host => IsMeant(limits, host))).Select(limits => limits.Name)
            .Concat(Domains.Where(wishes => !fleet.Domains.Any(domain => DomainQuery.Matches(wishes.Name, domain.Name, domain.Uuid))).Select(wishes => wishes.Name));
    }

    /// <summary>A domain with what is wished of it.</summary>
    internal FleetDomain Wish(FleetDomain domain) =>
        Domains.Where(wishes => DomainQuery.Matches(wishes.Name, domain.Name, domain.Uuid)).Aggregate(domain, (one, wishes) => wishes.Of(one));

    private static bool IsMeant(HostLimits limits, HostLimits host) => DomainQuery.Matches(limits.Name, host.Name, default);

    private THost Limit<THost>(THost host)
        where THost : HostLimits =>
        Hosts.Where(limits => IsMeant(limits, host)).Aggregate(host, (one, limits) => (THost)one.And(limits));
}
