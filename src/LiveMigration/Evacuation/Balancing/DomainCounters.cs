using LiveMigration.Domains;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Evacuation.Balancing;

/// <summary>The counters of a VM; null is what its host does not report.</summary>
internal sealed record DomainCounters(Guid Uuid, string Name, DomainStatus Status, int? VCpus, long? Memory, long? CpuTime, long? Received, long? Sent)
{
    internal static DomainCounters? Read(Guid uuid, string name, TypedParameterReader statistics)
    {
        var status = new DomainStatus((DomainState)(statistics.Number("state.state"u8) ?? 0), (int)(statistics.Number("state.reason"u8) ?? 0));
        if (!status.IsActive)
            return null;
        var count = statistics.Number("net.count"u8);
        return new DomainCounters(
            uuid,
            name,
            status,
            (int?)(statistics.Number("vcpu.current"u8) ?? statistics.Number("vcpu.maximum"u8)),
            (statistics.Number("balloon.current"u8) ?? statistics.Number("balloon.maximum"u8)) * 1024,
            statistics.Number("cpu.time"u8),
            Sum(statistics, count, "rx"),
            Sum(statistics, count, "tx"));
    }

    /// <summary>What it has used since an earlier look, as far as it was here: one that is new or was started again has used all that it counts.</summary>
    internal DomainLoad Since(DomainCounters? before, string host, double seconds) => new()
    {
        Uuid = Uuid,
        Name = Name,
        HostName = host,
        Status = Status,
        IsPartial = before is null || CpuTime < before.CpuTime,
        VCpus = VCpus,
        Memory = Memory,
        Cpu = Rise(before, before?.CpuTime, CpuTime) / 1e9 / seconds,
        Received = (long?)(Rise(before, before?.Received, Received) / seconds),
        Sent = (long?)(Rise(before, before?.Sent, Sent) / seconds),
    };

    /// <summary>Null where one of the two was not counted: the whole of the other one is of another time.</summary>
    private static double? Rise(DomainCounters? earlier, long? before, long? now) => earlier is null || now < before ? now : now - before;

    /// <summary>Without interfaces libvirt leaves the count out, and there is nothing to receive.</summary>
    private static long? Sum(TypedParameterReader statistics, long? count, string direction)
    {
        var sum = 0L;
        for (var index = 0; index < (count ?? 0); index++)
        {
            if (statistics.Number(System.Text.Encoding.UTF8.GetBytes($"net.{index}.{direction}.bytes")) is not { } bytes)
                return null;
            sum += bytes;
        }

        return sum;
    }
}
