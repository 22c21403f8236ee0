namespace LiveMigration.Interop.Libvirt;

/// <summary>What <c>VIR_DOMAIN_STATS_DIRTYRATE</c> says of the last measurement.</summary>
internal sealed unsafe record DirtyRateStatistics(bool IsMeasured, long? MebibytesPerSecond, IReadOnlyList<long> PerVCpu)
{
    private const uint DirtyRate = 1 << 9;
    private const int Measured = 2;

    internal static DirtyRateStatistics Read(NativeDomain domain)
    {
        VirDomainStatsRecord** records = null;
        var added = false;
        domain.Handle.DangerousAddRef(ref added);
        try
        {
            // The list of domains ends with a null.
            var domains = stackalloc nint[] { domain.Handle.DangerousGetHandle(), 0 };
            var count = NativeCall.Begin(nameof(Native.virDomainListGetStats), domain.Host).Check(Native.virDomainListGetStats(domains, DirtyRate, &records, 0));
            return count == 0 ? new DirtyRateStatistics(false, null, []) : Read(new TypedParameterReader(records[0]->Parameters, records[0]->Count));
        }
        finally
        {
            Native.virDomainStatsRecordListFree(records);
            if (added)
                domain.Handle.DangerousRelease();
        }
    }

    private static DirtyRateStatistics Read(TypedParameterReader statistics)
    {
        var perVCpu = new List<long>();
        for (var index = 0; index < statistics.Count; index++)
        {
            if (statistics.Name(index).StartsWith("dirtyrate.vcpu."u8) && statistics.Number(index) is { } rate)
                perVCpu.Add(rate);
        }

        return new DirtyRateStatistics(
            statistics.Number("dirtyrate.calc_status"u8) == Measured, statistics.Number("dirtyrate.megabytes_per_second"u8), perVCpu);
    }
}
