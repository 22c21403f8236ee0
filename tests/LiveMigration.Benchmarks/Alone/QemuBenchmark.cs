using System.Diagnostics;
using System.Xml.Linq;
using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.State;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Alone;

/// <summary>The same guest from one QEMU to the next, by a bare script of QMP and by the core in turn.</summary>
internal static class QemuBenchmark
{
    /// <summary>How often the bare script asks: more often than people write, so that it does not lose by sleeping.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <param name="definition">The lab's definition of the guest.</param>
    /// <param name="usr">Where QEMU is.</param>
    /// <param name="pairs">How many migrations of each.</param>
    /// <param name="bandwidth">The limit, in MiB/s.</param>
    internal static async Task RunAsync(XElement definition, string usr, int pairs, int bandwidth)
    {
        var (name, folder) = ((string)definition.Element("name")!, Directory.CreateTempSubdirectory("livemigration-alone-"));
        var limit = Bandwidth.FromMebibytes(bandwidth);
        var (number, planning) = (0, new List<double>());
        var at = await Machine.StartAsync(folder, "0", usr, definition, waits: false);
        try
        {
            // Both once, uncounted: the just-in-time compiler, and the guest's memory that was never touched.
            await MoveAsync(BareAsync);
            await MoveAsync(CoreAsync);
            planning.Clear();
            var moves = await Pairs<Move>.RunAsync(pairs, () => MoveAsync(BareAsync), () => MoveAsync(CoreAsync));
            moves.Print($"qemu.{name}.wall", "ms", move => move.Wall, aim: 1.02, theirs: "bare",
                includes: "both connected beforehand, over a UNIX socket; bare: set the limit, migrate, ask every 10 ms, end the source; ours: plan, migrate, hand over, end the source, verify on both sides");
            moves.Print($"qemu.{name}.downtime", "ms", move => move.Downtime, aim: 1.02, theirs: "bare",
                includes: "from STOP at the source to RESUME at the destination, by QEMU's own clock; bare: the destination starts by itself, before anybody has looked at it");
            (Metric.Median($"qemu.{name}.plan.ours", planning, "ms") with { Includes = "ask both QEMUs what they are, and plan: the part of our wall time before anything is changed" }).Print();
        }
        finally
        {
            await at.DisposeAsync();
            folder.Delete(recursive: true);
        }

        async Task<Move> MoveAsync(Func<Machine, Machine, Task<double>> migrate)
        {
            var next = await Machine.StartAsync(folder, $"{++number}", usr, definition, waits: true);
            try
            {
                await Task.Delay(300);
                var wall = await migrate(at, next);
                var downtime = await next.WhenAsync("RESUME") - await at.WhenAsync("STOP");
                (at, next) = (next, at);
                return new Move(wall, downtime.TotalMilliseconds);
            }
            finally
            {
                await next.DisposeAsync(); // The one that is left; where it failed, the one that got nothing.
            }
        }

        Task<double> BareAsync(Machine from, Machine to)
        {
            var (source, destination) = BareScript.Connect(from.Monitor, to.Monitor);
            using (source)
            using (destination)
            {
                var started = Stopwatch.GetTimestamp();
                BareScript.Migrate(source, destination, $"unix:{to.Monitor}.migration", limit.BytesPerSecond, Interval);
                return Task.FromResult(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        async Task<double> CoreAsync(Machine from, Machine to)
        {
            var state = new StateStore(Path.Combine(folder.FullName, "state"));
            await using var source = await QemuProcess.ConnectAsync(QemuAddress.Parse($"unix:{from.Monitor}"), state: state);
            await using var destination = await QemuProcess.ConnectAsync(QemuAddress.Parse($"unix:{to.Monitor}"), state: state);
            var started = Stopwatch.GetTimestamp();
            var plan = await source.PlanMigrationAsync(destination, new MigrationOptions { Bandwidth = limit });
            planning.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            var result = await plan.Start().Completion;
            var wall = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            return result.ToException() is { } failure ? throw failure : wall;
        }
    }

    /// <param name="Wall">From the order to the result, in milliseconds.</param>
    /// <param name="Downtime">How long no QEMU ran the guest, in milliseconds.</param>
    private sealed record Move(double Wall, double Downtime);
}
