using System.Net;
using LiveMigration.Domains;

namespace LiveMigration.Storage;

/// <summary>Whether a server that both hosts name alike is one server, as seen from both.</summary>
internal static class ServerEvidence
{
    internal const string Proof = "Addresses of the server instead of its name in the definition, or connections over ssh to both hosts, which can then be asked, would prove it.";

    /// <summary>Those of docker0, lxcbr0, virbr0 and podman0, where nothing else was asked for: each host has them itself.</summary>
    private static readonly IPAddress[] Bridges = [new([172, 17, 0, 1]), new([10, 0, 3, 1]), new([192, 168, 122, 1]), new([10, 88, 0, 1])];

    /// <summary>Why it may be another server on each host, as the end of a sentence about the server; null where it is the same.</summary>
    internal static string? Objection(DiskServer server, DiskFacts facts, string source, string destination)
    {
        if (server.IsPerHost)
            return "which is a different server on each host";
        if (facts.IsSource(server))
            return $"which is {source} itself: what {destination} finds under that name is unknown";
        var (here, there) = (facts.ServersHere, facts.ServersThere);
        if (HostServers.Address(DiskServer.Bare(server.Name!)) is { } address)
        {
            return IsOfBoth(address) ? "an address that both hosts have themselves"
                : (here is null || there is null) && Bridges.Contains(address) ? "an address that many hosts have themselves, for their containers and VMs"
                : null;
        }

        if (here is null || there is null)
            return $"a name of which it is not known what {(here is null ? source : destination)} understands by it";
        var (ours, theirs) = (Addresses(here), Addresses(there));
        if (ours.Count == 0 || theirs.Count == 0)
            return $"a name that {(ours.Count == 0 ? source : destination)} cannot resolve";
        return ours.Intersect(theirs).Any(common => !IsOfBoth(common) && !DiskServer.IsPerHostName($"{common}"))
            ? null
            : $"a name that means {string.Join(", ", ours)} on {source} and {string.Join(", ", theirs)} on {destination}{(ours.SequenceEqual(theirs) ? ", a different host each" : "")}";

        bool IsOfBoth(IPAddress address) => here is not null && there is not null && here.Own.Contains(address) && there.Own.Contains(address);

        List<IPAddress> Addresses(HostServers host) => [.. host.Names[DiskServer.Bare(server.Name!)].Distinct().OrderBy(one => $"{one}", StringComparer.Ordinal)];
    }
}
