using LiveMigration.Domains;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Migration.Libvirt;

/// <summary>The disks that a migration mirrors to the destination.</summary>
internal static class DiskMirrors
{
    /// <summary>Disk by target name, and whether it still is being copied for the first time.</summary>
    internal static IReadOnlyDictionary<string, bool> Read(NativeDomain native, LibvirtDomain domain)
    {
        var mirrors = new Dictionary<string, bool>();
        // Memory is sent when all disks have been copied once; what they lag behind by then is the guest's writes.
        var copied = native.GetJobStatistics() is { MemoryProcessed: > 0 };
        foreach (var disk in domain.Disks)
        {
            if (native.GetBlockJob(disk.Target) is { } job)
                mirrors.Add(disk.Target, !copied && job.Current < job.End);
        }

        return mirrors;
    }
}
