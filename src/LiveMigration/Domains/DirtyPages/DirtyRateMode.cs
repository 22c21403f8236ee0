namespace LiveMigration.Domains.DirtyPages;

/// <summary>How QEMU measures the rate at which a guest dirties memory.</summary>
public enum DirtyRateMode
{
    /// <summary>Compares hashes of sampled pages: cheap, works everywhere, counts a page once per period.</summary>
    PageSampling,

    /// <summary>Counts with the dirty bitmap: exact, slows the guest; needs KVM.</summary>
    DirtyBitmap,

    /// <summary>Counts per virtual CPU with KVM's dirty ring; the domain must be started with it.</summary>
    DirtyRing,

    /// <summary>Not measured but taken from the statistics of the migration that runs.</summary>
    Migration,
}
