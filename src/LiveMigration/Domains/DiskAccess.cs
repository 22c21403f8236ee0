namespace LiveMigration.Domains;

/// <summary>Tells from a disk's source and its host's storage pools who can reach it.</summary>
internal static class DiskAccess
{
    internal static (StorageAccess Access, string Evidence) Of(DiskSource network) => network.Servers.FirstOrDefault(server => server.IsPerHost) is { } own
        ? (StorageAccess.Unknown, $"The disk is accessed through {own}, which is a different server on each host.")
        : network.Servers.Count == 0
            ? (StorageAccess.Unknown, $"The definition names no server: each host's own {network.Protocol} configuration does.")
            : (StorageAccess.Shared, "The disk is accessed over the network.");

    internal static (StorageAccess Access, string Evidence) Of(string? source, IReadOnlyList<StoragePool> pools)
    {
        if (source is null)
            return (StorageAccess.None, "There is no medium.");
        var pool = pools.Where(candidate => candidate.Holds(source)).MaxBy(candidate => candidate.TargetPath!.Length);
        if (pool is null)
            return (StorageAccess.Unknown, "No storage pool on the host contains this path.");
        return pool.Access is StorageAccess.Shared
            ? (StorageAccess.Shared, $"Pool '{pool.Name}' is of type {pool.Type}, which is on the network.")
            : (StorageAccess.Local, $"Pool '{pool.Name}' is of type {pool.Type}, which is local unless its content is mounted from elsewhere.");
    }
}
