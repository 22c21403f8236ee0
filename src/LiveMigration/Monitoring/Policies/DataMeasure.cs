namespace LiveMigration.Monitoring.Policies;

/// <summary>How a time "per GiB" counts memory and copied disks.</summary>
public enum DataMeasure
{
    /// <summary>As they are, with fractions.</summary>
    Exact,

    /// <summary>Memory and each disk count as 2 GiB at the least: Nova.</summary>
    AtLeastTwoGiBEach,

    /// <summary>The sum in units of 10^9 bytes, rounded up: what KubeVirt takes for GiB.</summary>
    WholeGigabytes,
}
