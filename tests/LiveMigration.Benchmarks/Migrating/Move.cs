using System.Diagnostics;

namespace LiveMigration.Benchmarks.Migrating;

/// <summary>One migration as the contestant's user and the witnesses saw it; milliseconds.</summary>
/// <param name="Wall">From the order to the result.</param>
/// <param name="Job">How long the migration itself took, as libvirt measured it at the source.</param>
/// <param name="Downtime">How long the guest stood still, as QEMU measured it.</param>
/// <param name="AfterQemu">From QEMU's completion at the source to the result; libvirt's own finish is in it.</param>
/// <param name="AfterLibvirt">From libvirt's last event (the guest resumed there, the process gone here) to the result.</param>
internal sealed record Move(double Wall, double Job, double Downtime, double AfterQemu, double AfterLibvirt)
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    internal static async Task<Move> WatchAsync(Mover mover, string guest, int from, IReadOnlyList<Witness> witnesses)
    {
        await Task.Delay(Settle);
        foreach (var witness in witnesses)
            witness.Clear();
        var started = Stopwatch.GetTimestamp();
        await mover.MoveAsync(guest, from);
        var wall = Stopwatch.GetElapsedTime(started);
        var ended = DateTimeOffset.UtcNow;

        var (here, there) = (witnesses[from], witnesses[1 - from]);
        var resumed = await there.LifecycleAsync("Resumed Migrated");
        var stopped = await here.LifecycleAsync("Stopped Migrated");
        return new Move(
            wall.TotalMilliseconds,
            await here.JobAsync("time_elapsed"),
            await here.JobAsync("downtime"),
            (ended - await here.QemuCompletedAsync()).TotalMilliseconds,
            (ended - (resumed > stopped ? resumed : stopped)).TotalMilliseconds);
    }
}
