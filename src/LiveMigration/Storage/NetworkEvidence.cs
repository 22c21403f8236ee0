using LiveMigration.Domains;

namespace LiveMigration.Storage;

/// <summary>Whether a network disk is the same image of the same server from both hosts.</summary>
internal static class NetworkEvidence
{
    /// <summary>Protocols whose servers are the members of one cluster: one in common will do.</summary>
    private static readonly HashSet<string> Clusters = ["rbd", "gluster"];

    internal static DiskVerdict Judge(DiskSource here, DiskSource there, DiskFacts facts, string source, string destination)
    {
        const string proof = "Server addresses in the definition that are the same from both hosts would prove it.";
        if (there.Type != "network" || there.Protocol != here.Protocol || there.Image != here.Image)
            return DiskVerdict.Unknown($"The disk is {here} on {source} and would be {there} on {destination}.");
        if (here.Servers.Count == 0 || there.Servers.Count == 0)
            return DiskVerdict.Unknown($"The definition names no server for {here}: the {here.Protocol} configuration of each host does.", proof);
        if (here.Servers.Concat(there.Servers).FirstOrDefault(server => server.IsPerHost) is { } own)
            return DiskVerdict.Unknown($"The disk is accessed through {own}, which is a different server on each host.", proof);
        var common = here.Servers.Where(server => there.Servers.Any(server.IsSameAs)).ToList();
        if (common.Count == 0 || (!Clusters.Contains(here.Protocol ?? "") && (common.Count < here.Servers.Count || common.Count < there.Servers.Count)))
            return DiskVerdict.Unknown($"{source} accesses the disk through {string.Join(", ", here.Servers)}, and {destination} would through {string.Join(", ", there.Servers)}.", proof);
        var judged = common.Select(server => (Server: server, Objection: ServerEvidence.Objection(server, facts, source, destination))).ToList();
        var objected = Clusters.Contains(here.Protocol ?? "") && judged.Exists(one => one.Objection is null) ? default : judged.Find(one => one.Objection is not null);
        return objected.Objection is { } objection
            ? DiskVerdict.Unknown($"The disk is accessed through {objected.Server}, {objection}.", ServerEvidence.Proof)
            : DiskVerdict.Shared($"Both hosts access {here} over the network, from {Named(judged.Find(one => one.Objection is null).Server)}.");

        string Named(DiskServer server) => $"{server}{ServerEvidence.Caveat(server, facts, source, destination)}";
    }
}
