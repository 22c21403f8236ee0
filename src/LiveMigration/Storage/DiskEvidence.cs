using LiveMigration.Domains;

namespace LiveMigration.Storage;

/// <summary>Facts of both hosts → who can reach a disk, and why we think so.</summary>
internal static class DiskEvidence
{
    internal static (StorageAccess Access, string Evidence) Judge(DiskFacts facts, string source, string destination)
    {
        var disk = facts.Disk;
        if (disk.Source is null || !StorageFacts.IsOnHost(disk) || facts.DestinationPath is null)
            return (disk.Access, disk.Evidence);
        if (facts is { SourcePool: { Origin: { } origin } here, DestinationPool: { Origin: { } other } there } && origin == other && facts.DestinationPath == disk.Source)
            return (StorageAccess.Shared, $"Pool '{here.Name}' on {source} and pool '{there.Name}' on {destination} both use {origin}.");
        if (facts.IsSameFile)
        {
            return (StorageAccess.Shared, facts.MarkerSeen is true
                ? $"A file written to pool '{facts.SourcePool!.Name}' on {source} appears in pool '{facts.DestinationPool!.Name}' on {destination}."
                : $"{facts.DestinationPath} on {destination} changes together with {disk.Source} on {source}.");
        }

        if (facts.MarkerSeen is false)
            return (StorageAccess.Local, $"A file written to pool '{facts.SourcePool!.Name}' on {source} does not appear in pool '{facts.DestinationPool!.Name}' on {destination}.");
        if (facts.MarkerSeen is true)
            return (StorageAccess.Local, $"{facts.DestinationPath} is a different file in the same folder.");
        return facts switch
        {
            { SourcePool: null or { IsActive: false } } => (StorageAccess.Unknown, $"No active pool on {source} contains {disk.Source}."),
            { DestinationPool: null or { IsActive: false } } => (StorageAccess.Unknown, $"No active pool on {destination} contains {facts.DestinationPath}."),
            _ => (StorageAccess.Unknown, $"Pool '{facts.SourcePool!.Name}' on {source} and pool '{facts.DestinationPool!.Name}' on {destination} could not be compared."),
        };
    }
}
