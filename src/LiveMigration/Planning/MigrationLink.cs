using LiveMigration.Hosts;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Units;

namespace LiveMigration.Planning;

/// <summary>How fast two hosts can send to each other, and where that is known from.</summary>
/// <param name="Bandwidth">The bandwidth.</param>
/// <param name="Source">Where it is known from, for people.</param>
public sealed record MigrationLink(Bandwidth Bandwidth, string Source)
{
    /// <summary>The source of a bandwidth that was specified: of the link nothing is known.</summary>
    public const string Specified = "-Bandwidth";

    /// <summary>What a stream gets of a link at most: frames and headers take the rest.</summary>
    private const double Payload = 0.94;

    /// <summary>The narrower one of both hosts' fastest links; null where not both report one.</summary>
    /// <param name="source">A host.</param>
    /// <param name="destination">The other.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<MigrationLink?> FindAsync(LibvirtHost source, LibvirtHost destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        var asked = new[] { source, destination }.Select(host => (host, links: host.AskAsync(HostLink.Read, cancellationToken))).ToArray();
        var found = new List<(LibvirtHost Host, HostLink Link)>();
        foreach (var (host, asking) in asked)
        {
            var links = await asking.ConfigureAwait(false);
            if (links.IsHad && HostLink.Fastest(links.Value) is { } fastest)
                found.Add((host, fastest));
        }

        if (found.Count < asked.Length)
            return null;
        var (at, link) = found.MinBy(one => one.Link.Speed);
        return new MigrationLink(Bandwidth.FromBytes((long)(Payload * link.Bandwidth!.Value.BytesPerSecond)), $"{link.Interface} of {at.Name}, {link.Speed} Mbit/s");
    }
}
