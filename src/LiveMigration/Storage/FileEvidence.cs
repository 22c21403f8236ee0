namespace LiveMigration.Storage;

/// <summary>Whether a file of both hosts is one file.</summary>
internal static class FileEvidence
{
    internal static DiskVerdict Judge(DiskFacts facts, string source, string destination)
    {
        var path = facts.Disk.Source!;
        if (path.StartsWith("/dev/shm/", StringComparison.Ordinal))
            return DiskVerdict.Local($"{path} is in the memory of {source}.");
        if (facts is { SourcePool: { Origin: { } origin, IsActive: true } here, DestinationPool: { Origin: { } other, IsActive: true } there } && origin == other
            && facts.DestinationPath == path && here.Servers.All(server => !server.IsPerHost))
        {
            // Two definitions are no proof against a file that was written and does not appear, nor is that one against them.
            if (facts.MarkerSeen is false)
                return DiskVerdict.Unknown($"Pool '{here.Name}' on {source} and pool '{there.Name}' on {destination} both use {origin}, but a file written on {source} does not appear on {destination}: one of them may not be mounted, or not be up to date.");
            if (here.Servers.All(server => ServerEvidence.Objection(server, facts, source, destination) is null))
                return DiskVerdict.Shared($"Pool '{here.Name}' on {source} and pool '{there.Name}' on {destination} both use {origin}{here.Servers.Select(server => ServerEvidence.Caveat(server, facts, source, destination)).FirstOrDefault(said => said.Length > 0)}.");
        }

        if (facts.IsSameFile)
        {
            return facts.MarkerSeen is true
                ? DiskVerdict.Shared($"A file written to {facts.SourcePool!.Words} on {source} appears in {facts.DestinationPool!.Words} on {destination}.")
                : DeviceEvidence.IsSame(facts.SourceVolume, facts.DestinationVolume) is true
                    ? DiskVerdict.Shared($"{facts.DestinationPath} on {destination} and {path} on {source} are the same ({facts.SourceVolume!.Key}).")
                // Two images that are both written all the time look like one, and so do hosts that were made from one image.
                : DiskVerdict.Unknown(
                    $"{facts.DestinationPath} on {destination} changes together with {path} on {source}, but {(facts.MarkerSeen is false
                        ? "a file written beside it does not appear there: something may be copying one to the other"
                        : $"no file could be written beside it to prove that they are one{(facts.UsedBy.Count > 0 ? $", and '{string.Join("', '", facts.UsedBy)}' may write to it" : "")}")}.",
                    Proof(path));
        }

        if (facts.MarkerSeen is false)
            return DiskVerdict.Local($"A file written to {facts.SourcePool!.Words} on {source} does not appear in {facts.DestinationPool!.Words} on {destination}.");
        if (facts.MarkerSeen is true)
            return DiskVerdict.Local($"{facts.DestinationPath} is a different file in the same folder.");
        if (facts.DestinationPool is { IsAbsent: true } absent)
            return DiskVerdict.Local($"{destination} has no {absent.Words}.");
        return facts switch
        {
            { SourcePool: null or { IsActive: false } } => DiskVerdict.Unknown($"No active pool on {source} contains {path}.", Proof(path)),
            { DestinationPool: null or { IsActive: false } } => DiskVerdict.Unknown($"No active pool on {destination} contains {facts.DestinationPath}.", Proof(path)),
            _ => DiskVerdict.Unknown($"The files of {facts.SourcePool!.Words} on {source} and of {facts.DestinationPool!.Words} on {destination} could not be compared.", Proof(path)),
        };
    }

    private static string Proof(string path) => $"An active storage pool over {(path.LastIndexOf('/') is > 0 and var end ? path[..end] : "/")} on both hosts would prove it.";
}
