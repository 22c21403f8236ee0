using System.Diagnostics;
using System.Text;
using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Benchmarks.Monitors;

/// <summary>Commands per second and bytes per command of the client, beside a bare loop over a socket to the same QEMU.</summary>
internal static class QmpBenchmark
{
    private const int Rounds = 15;

    internal static async Task RunAsync()
    {
        using var qemu = new Qemu(monitors: 2);
        await qemu.ListensAsync();
        using var bare = new BareLoop(qemu.EndPoints[0]);
        await using var client = await QmpClient.ConnectAsync(qemu.EndPoints[1]);

        await MeasureAsync("one", "query-status", count: 2000, atOnce: 1, "each waits for the one before");
        await MeasureAsync("seven", "query-status", count: 2800, atOnce: 7, "seven at once: as many as QEMU queues without stopping its reader");
        await MeasureAsync("schema", "query-qmp-schema", count: 20, atOnce: 1, "an answer of 200 kB and more, which the client reads as JSON");

        async Task MeasureAsync(string name, string command, int count, int atOnce, string includes)
        {
            var line = Encoding.UTF8.GetBytes($"{{\"execute\":\"{command}\",\"id\":1}}\n");
            await OursAsync(); // The just-in-time compiler's last tier comes after some calls.
            await OursAsync();
            var rates = await Pairs<Round>.RunAsync(Rounds, () => TimeAsync(Theirs), () => TimeAsync(OursAsync));
            rates.Print(
                $"qmp.{name}.rate", "commands/s", round => round.Rate,
                includes: $"{command}, {includes}; beside it a bare loop that sends the same bytes and counts line ends", theirs: "bare");
            (Metric.Median($"qmp.{name}.allocated", [.. rates.Ours.Select(round => round.Bytes)], "bytes/command") with
            {
                Includes = "all threads of this process",
            }).Print();

            Task Theirs()
            {
                bare.Run(line, count, atOnce);
                return Task.CompletedTask;
            }

            async Task OursAsync()
            {
                for (var done = 0; done < count; done += atOnce)
                    await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => client.ExecuteAsync(command)));
            }

            async Task<Round> TimeAsync(Func<Task> run)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                var started = Stopwatch.GetTimestamp();
                await run();
                var elapsed = Stopwatch.GetElapsedTime(started);
                return new Round(count / elapsed.TotalSeconds, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count);
            }
        }
    }

    private readonly record struct Round(double Rate, double Bytes);
}
