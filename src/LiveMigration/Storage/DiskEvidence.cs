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
            return (StorageAccess.Shared, $"Pool '{here.Name}' on {source} and pool '{there.Name}' on {destination} both have their files from {origin}.");
        if (facts.IsSameFile)
        {
            return (StorageAccess.Shared, facts.MarkerSeen is true
                ? $"What is written into pool '{facts.SourcePool!.Name}' on {source} is seen in pool '{facts.DestinationPool!.Name}' on {destination}."
                : $"{facts.DestinationPath} on {destination} changes together with {disk.Source} on {source}.");
        }

        if (facts.MarkerSeen is false)
            return (StorageAccess.Local, $"What is written into pool '{facts.SourcePool!.Name}' on {source} is not seen in pool '{facts.DestinationPool!.Name}' on {destination}.");
        if (facts.MarkerSeen is true)
            return (StorageAccess.Local, $"{facts.DestinationPath} is another file in the same folder.");
        return facts switch
        {
            { SourcePool: null or { IsActive: false } } => (StorageAccess.Unknown, $"No started pool of {source} holds {disk.Source}."),
            { DestinationPool: null or { IsActive: false } } => (StorageAccess.Unknown, $"No started pool of {destination} holds {facts.DestinationPath}."),
            _ => (StorageAccess.Unknown, $"Pool '{facts.SourcePool!.Name}' on {source} and pool '{facts.DestinationPool!.Name}' on {destination} could not be compared."),
        };
    }
}
