using LiveMigration.Domains;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>Half a VM, as a migration has while it is under way.</summary>
internal static class Leftover
{
    internal static bool Is(LibvirtDomain domain) => domain.Status.IsPausedForMigration || domain.Status.IsPostCopy;
}
