using System.Diagnostics;
using System.Text.Json.Nodes;
using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Domains;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Qmp;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Dirtying;

/// <summary>The dirty rate as it is measured, in each mode, against what the guest itself has counted meanwhile.</summary>
internal sealed class DirtyBenchmark
{
    private const int PageSize = 4096;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly LibvirtDomain _domain;
    private readonly GuestCount _count;
    private readonly int _rounds;

    private DirtyBenchmark(LibvirtDomain domain, GuestCount count, int rounds) => (_domain, _count, _rounds) = (domain, count, rounds);

    /// <param name="uri">The host.</param>
    /// <param name="guest">A guest of the lab that dirties its memory evenly.</param>
    /// <param name="ticks">The file of its ticks.</param>
    /// <param name="rounds">How often it is measured in each mode.</param>
    /// <param name="force">Whether a mode that we refuse is asked of QEMU all the same; it may end the guest.</param>
    internal static async Task RunAsync(string uri, string guest, string ticks, int rounds, bool force)
    {
        using var host = await LibvirtHost.ConnectAsync("host", HostUri.Parse(uri));
        var qemu = (await host.GetInfoAsync()).HypervisorVersion;
        var benchmark = new DirtyBenchmark(await host.GetDomainAsync(guest), new GuestCount(ticks), rounds);
        foreach (var (mode, name) in new[] { (DirtyRateMode.PageSampling, "page-sampling"), (DirtyRateMode.DirtyBitmap, "dirty-bitmap"), (DirtyRateMode.DirtyRing, "dirty-ring") })
            await benchmark.MeasureAsync($"dirty.{guest}.{name}", mode, $"QEMU {qemu}");
        if (force)
            await benchmark.ForceAsync($"dirty.{guest}.dirty-bitmap.forced", $"QEMU {qemu}, asked through its monitor");
    }

    private async Task MeasureAsync(string name, DirtyRateMode mode, string who)
    {
        try
        {
            await PrintAsync(name, who, async () => (await _domain.MeasureDirtyRateAsync(Period, mode)).Rate ?? 0);
        }
        catch (LiveMigrationException refusal)
        {
            Metric.Refused(name, refusal.Message);
        }
    }

    private async Task ForceAsync(string name, string who)
    {
        await using var monitor = await _domain.OpenMonitorAsync();
        try
        {
            await PrintAsync(name, who, () => AskAsync(monitor));
        }
        catch (LiveMigrationException refusal)
        {
            Metric.Refused(name, refusal.Message);
        }
    }

    private static async Task<double> AskAsync(QmpClient monitor)
    {
        await monitor.ExecuteAsync("calc-dirty-rate", new JsonObject { ["calc-time"] = (int)Period.TotalSeconds, ["mode"] = "dirty-bitmap" });
        await Task.Delay(Period);
        while (true)
        {
            var answer = await monitor.ExecuteAsync("query-dirty-rate");
            if (answer.GetProperty("status").ValueEquals("measured"))
                return answer.GetProperty("dirty-rate").GetDouble() * ByteSize.MiB;
            await Task.Delay(50);
        }
    }

    private async Task PrintAsync(string name, string who, Func<Task<double>> measure)
    {
        var (measured, counted, errors) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < _rounds; round++)
        {
            var started = Now();
            measured.Add(await measure() / ByteSize.MiB);
            // The guest's last ticks may still be on their way.
            await Task.Delay(100);
            counted.Add(_count.Between(started, started + Period.TotalMicroseconds) * PageSize / ByteSize.MiB / Period.TotalSeconds);
            errors.Add((measured[^1] / counted[^1] - 1) * 100);
        }

        Metric.Median($"{name}.measured", measured, "MiB/s").Print();
        Metric.Median($"{name}.counted", counted, "MiB/s").Print();
        (Metric.Median($"{name}.error", errors, "%") with { Includes = $"{who}: over 1 s each, against the pages that the guest touched in that second" }).Print();
    }

    /// <summary>CLOCK_MONOTONIC in microseconds, which is what a stopwatch reads on Linux.</summary>
    private static double Now() => Stopwatch.GetTimestamp() * 1e6 / Stopwatch.Frequency;
}
