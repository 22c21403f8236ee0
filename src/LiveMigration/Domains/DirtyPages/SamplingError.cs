using LiveMigration.Units;

namespace LiveMigration.Domains.DirtyPages;

/// <summary>What QEMU's sampling of pages cannot see.</summary>
internal static class SamplingError
{
    /// <summary>Pages of each GiB that QEMU looks at unless it is told otherwise, as by libvirt.</summary>
    internal const int Samples = 512;

    private const double GiB = 1L << 30;

    /// <summary>The standard error of a measurement in bytes: that of a share found in a sample, and of a rate given in whole MiB/s.</summary>
    /// <param name="memory">The domain's memory in bytes, more than 0.</param>
    /// <param name="dirtied">Bytes found dirty.</param>
    /// <param name="period">The period.</param>
    /// <param name="samples">Samples of each GiB.</param>
    internal static long Of(long memory, long dirtied, TimeSpan period, int samples)
    {
        var looked = Math.Max(1, samples * (memory / GiB));
        // None found of n does not mean none, nor all of them all: as if one more had been found, and one more not (Agresti and Coull).
        var share = (Math.Clamp(dirtied / (double)memory, 0, 1) * looked + 1) / (looked + 2);
        var rounding = ByteSize.MiB * period.TotalSeconds / Math.Sqrt(12);
        return (long)Math.Sqrt(Math.Pow(memory, 2) * share * (1 - share) / looked + rounding * rounding);
    }
}
