namespace LiveMigration.Domains;

/// <summary>A disk as a listing shows it.</summary>
/// <param name="Target">The name in the guest, for example <c>vda</c>.</param>
/// <param name="Source">The image's path; null for a network disk or an empty drive.</param>
/// <param name="Capacity">The virtual size in bytes; null where the host does not report it.</param>
/// <param name="Access">Who can reach it, by the evidence of the host's storage pools.</param>
public sealed record DiskSummary(string Target, string? Source, long? Capacity, StorageAccess Access)
{
    /// <summary>What several disks are together.</summary>
    /// <param name="disks">The disks of one domain.</param>
    public static StorageAccess Together(IEnumerable<DiskSummary> disks)
    {
        var kinds = disks.Select(disk => disk.Access).Where(access => access is not StorageAccess.None).Distinct().ToArray();
        return kinds switch
        {
            [] => StorageAccess.None,
            [var one] => one,
            _ when kinds.Contains(StorageAccess.Unknown) => StorageAccess.Unknown,
            _ => StorageAccess.Mixed,
        };
    }

    /// <summary>The name in the guest.</summary>
    public override string ToString() => Target;
}
