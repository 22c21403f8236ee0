using System.Diagnostics;
using LiveMigration.Benchmarks.Measuring;

namespace LiveMigration.Benchmarks.Listing;

/// <summary>All domains of hosts of different size, by virsh and by us in turn.</summary>
internal static class ListBenchmark
{
    private const int Rounds = 9;

    /// <param name="module">The PowerShell module; null measures the core alone.</param>
    /// <param name="counts">How many domains each host has.</param>
    internal static async Task RunAsync(string? module, int[] counts)
    {
        var directory = Directory.CreateTempSubdirectory("livemigration-list-");
        try
        {
            using var shell = module is null ? null : await Shell.PowerShellAsync(module);
            var listings = new List<Listing> { new CoreListing() };
            if (shell is not null)
                listings.Add(new CmdletListing(shell));
            else
                Console.Error.WriteLine("Left out: Get-LibvirtDomain, for want of PowerShell or of the module.");

            foreach (var count in counts)
                NodeDefinition.Write(Path.Combine(directory.FullName, $"{count}.xml"), count);
            foreach (var listing in listings)
            {
                var sizes = new List<Size>();
                foreach (var count in counts)
                    sizes.Add(await MeasureAsync(listing, $"test://{directory.FullName}/{count}.xml", count));
                Growth($"list.{listing.Name}.growth.time", sizes, size => size.Time);
                Growth($"list.{listing.Name}.growth.allocated", sizes, size => size.Allocated);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<Size> MeasureAsync(Listing listing, string uri, int count)
    {
        using var virsh = await Shell.VirshAsync(uri);
        await listing.ConnectAsync(uri);
        await listing.ListAsync(count);
        await listing.ListAsync(count);
        var before = await listing.AllocatedAsync();
        await listing.ListAsync(count);
        var allocated = await listing.AllocatedAsync() - before;

        var name = $"list.{listing.Name}.{count}";
        var list = await PairsAsync("list --all", $"virsh list --all: id, name and state, printed; ours: {listing.Includes}");
        var domstats = await PairsAsync("domstats", $"virsh domstats: all statistics that the driver has, printed; ours: {listing.Includes}");
        new Metric($"{name}.allocated", allocated / count, "bytes/VM").Print();
        return new Size(count, Samples.Median([.. list.Ours, .. domstats.Ours]), allocated);

        async Task<Pairs<double>> PairsAsync(string command, string includes)
        {
            var pairs = await Pairs<double>.RunAsync(
                Rounds, () => TimeAsync(() => virsh.RunAsync(command)), () => TimeAsync(() => listing.ListAsync(count)));
            pairs.Print($"{name}.{command.Split(' ')[0]}", "ms", time => time, aim: null, $"both connected beforehand; {includes}");
            return pairs;
        }
    }

    private static void Growth(string name, List<Size> sizes, Func<Size, double> what)
    {
        var (small, large) = (sizes[0], sizes[^1]);
        new Metric(name, what(large) / large.Count / (what(small) / small.Count), "ratio")
        {
            Includes = $"per VM at {large.Count} by per VM at {small.Count}: 1 is linear",
        }.Print();
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private sealed record Size(int Count, double Time, double Allocated);
}
