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
        var name = DiskServer.Bare(server.Name!);
        if (HostServers.Address(name) is { } address)
        {
            return IsOfBoth(address) ? "an address that both hosts have themselves"
                : (here is null || there is null) && Bridges.Contains(address) ? "an address that many hosts have themselves, for their containers and VMs"
                : null;
        }

        var (ours, theirs) = (here?.Addresses(name), there?.Addresses(name));
        if (ours is { Count: 0 } || theirs is { Count: 0 })
            return $"a name that {(ours is { Count: 0 } ? source : destination)} cannot resolve";
        if (ours is null || theirs is null)
            return OfClient([.. facts.ServersOfClient[name]]);
        return ours.Intersect(theirs).Any(common => !IsOfBoth(common) && !DiskServer.IsPerHostName($"{common}"))
            ? null
            : $"a name that means {string.Join(", ", ours)} on {source} and {string.Join(", ", theirs)} on {destination}{(ours.SequenceEqual(theirs) ? ", a different host each" : "")}";

        bool IsOfBoth(IPAddress address) => here is not null && there is not null && here.Own.Contains(address) && there.Own.Contains(address);

        // Instead of a host that could not be asked: what each host has itself, or the source has, is no answer.
        string? OfClient(IReadOnlyList<IPAddress> client)
        {
            var silent = Silent(ours, theirs, source, destination);
            if (client.Count == 0)
                return $"a name that the client cannot resolve, and {silent} could not be asked";
            if (client.FirstOrDefault(one => DiskServer.IsPerHostName($"{one}") || Bridges.Contains(one) || here?.Own.Contains(one) is true) is { } own)
                return $"a name that means {own} for the client, an address that another host may have as well, and {silent} could not be asked";
            return (ours ?? theirs) is { } asked && !asked.Intersect(client).Any()
                ? $"a name that means {string.Join(", ", asked)} on {(ours is null ? destination : source)} and {string.Join(", ", client)} for the client, and {silent} could not be asked"
                : null;
        }
    }

    /// <summary>What has to be said where there is no objection, in brackets after the server; empty where both hosts were asked.</summary>
    internal static string Caveat(DiskServer server, DiskFacts facts, string source, string destination)
    {
        var name = DiskServer.Bare(server.Name!);
        var (ours, theirs) = (facts.ServersHere?.Addresses(name), facts.ServersThere?.Addresses(name));
        return HostServers.Address(name) is not null || (ours is not null && theirs is not null) ? ""
            : $" ({string.Join(", ", facts.ServersOfClient[name])} as the client resolves it: {Silent(ours, theirs, source, destination)} could not be asked)";
    }

    private static string Silent(IReadOnlyList<IPAddress>? ours, IReadOnlyList<IPAddress>? theirs, string source, string destination) =>
        ours is not null ? destination : theirs is not null ? source : $"{source} and {destination}";
}
