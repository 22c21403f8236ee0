namespace LiveMigration.Interop.Libvirt;

/// <summary>How long a host's CPUs have worked and waited since it was started, in nanoseconds.</summary>
/// <param name="Worked">For guests and for itself.</param>
/// <param name="Waited">For something to do, or for a disk.</param>
internal readonly record struct CpuTimes(ulong Worked, ulong Waited)
{
    /// <summary>What part of the time they worked between two looks, in percent; null when the host counts none.</summary>
    internal double? BusySince(CpuTimes before)
    {
        var (worked, waited) = ((double)(Worked - before.Worked), (double)(Waited - before.Waited));
        return worked + waited > 0 ? 100 * worked / (worked + waited) : null;
    }

    internal static unsafe CpuTimes Read(Connection connection)
    {
        const int All = -1;
        var count = 0;
        Call().Check(Native.virNodeGetCPUStats(connection.Handle, All, null, ref count, 0));
        var times = new VirNodeCpuStats[count];
        fixed (VirNodeCpuStats* first = times)
            Call().Check(Native.virNodeGetCPUStats(connection.Handle, All, first, ref count, 0));
        var (worked, waited) = (0UL, 0UL);
        foreach (var time in times.AsSpan(0, count))
        {
            switch (Native.PeekString(time.Field))
            {
                case "user" or "kernel":
                    worked += time.Value;
                    break;
                case "idle" or "iowait":
                    waited += time.Value;
                    break;
            }
        }

        return new CpuTimes(worked, waited);

        NativeCall Call() => NativeCall.Begin(nameof(Native.virNodeGetCPUStats), connection.Host);
    }
}

/// <summary><c>virNodeCPUStats</c></summary>
internal unsafe struct VirNodeCpuStats
{
    private const int FieldLength = 80;

    internal fixed byte Field[FieldLength];

    internal ulong Value;
}
