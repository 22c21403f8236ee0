namespace LiveMigration.Interop.Libvirt;

/// <summary>A peer that answers none of <paramref name="Count"/> questions, one each <paramref name="Interval"/>, is gone.</summary>
internal readonly record struct KeepAlive(TimeSpan Interval, uint Count)
{
    /// <summary>libvirt's own 5 × 5 s: a dead peer is noticed within 30 s.</summary>
    internal static readonly KeepAlive Default = new(TimeSpan.FromSeconds(5), 5);
}
