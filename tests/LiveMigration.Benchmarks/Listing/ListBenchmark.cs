using System.Diagnostics;
using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Listing;

/// <summary>All domains of hosts of different size, by virsh and by the core in turn.</summary>
internal static class ListBenchmark
{
    private const int Rounds = 9;

    internal static async Task RunAsync(int[] counts)
    {
        var directory = Directory.CreateTempSubdirectory("livemigration-list-");
        try
        {
            var sizes = new List<(int Count, double Time, double Allocated)>();
            foreach (var count in counts)
            {
                var path = Path.Combine(directory.FullName, $"{count}.xml");
                NodeDefinition.Write(path, count);
                sizes.Add(await MeasureAsync($"test://{path}", count));
            }

            var (small, large) = (sizes[0], sizes[^1]);
            Growth("time", small.Time / small.Count, large.Time / large.Count);
            Growth("allocated", small.Allocated, large.Allocated);

            void Growth(string what, double perVmSmall, double perVmLarge) =>
                new Metric($"list.growth.{what}", perVmLarge / perVmSmall, "ratio")
                {
                    Includes = $"per VM at {large.Count} by per VM at {small.Count}: 1 is linear",
                }.Print();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<(int Count, double Time, double Allocated)> MeasureAsync(string uri, int count)
    {
        using var host = await LibvirtHost.ConnectAsync("test", HostUri.Parse(uri));
        using var virsh = await Virsh.ConnectAsync(uri);
        await ListAsync(host, count);
        await ListAsync(host, count);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ListAsync(host, count);
        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count;

        var name = $"list.{count}";
        var list = await Pairs<double>.RunAsync(Rounds, () => TimeAsync(() => virsh.RunAsync("list --all")), () => TimeAsync(() => ListAsync(host, count)));
        list.Print($"{name}.list", "ms", time => time, aim: null, "both connected; virsh list --all: id, name, state, printed; ours: an object each, with state, vCPUs, memory, disks, persistence");
        var domstats = await Pairs<double>.RunAsync(Rounds, () => TimeAsync(() => virsh.RunAsync("domstats")), () => TimeAsync(() => ListAsync(host, count)));
        domstats.Print($"{name}.domstats", "ms", time => time, aim: null, "both connected; virsh domstats: all statistics that the driver has, printed; ours: the same objects as before");
        new Metric($"{name}.allocated", allocated, "bytes/VM").Print();
        return (count, Samples.Median([.. list.Ours, .. domstats.Ours]), allocated);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task ListAsync(LibvirtHost host, int count)
    {
        var domains = await host.GetDomainsAsync();
        if (domains.Count != count)
            throw new InvalidOperationException($"There should be {count} domains, and {domains.Count} were listed.");
    }
}
