using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Migration.Libvirt;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Micro;

/// <summary>What the core does often, or for each of many domains: time and bytes for each.</summary>
internal static class MicroBenchmark
{
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(50);
    private const int Batches = 9;

    internal static void Run()
    {
        Measure("units.bandwidth", () => Bandwidth.Parse("4Gbit/s"));
        Measure("units.duration", () => Duration.Parse("1.5s"));
        Measure("units.size", () => ByteSize.Parse("20GiB"));

        EventLoop.Ensure(); // libvirt's functions want the library initialised first.
        using var job = RecordedStatistics.Job();
        Measure("typed-parameters.job", () => RecordedStatistics.Read(job));
        using var domain = RecordedStatistics.Domain(disks: 4);
        Measure("typed-parameters.domain", () => RecordedStatistics.ReadDomain(domain, disks: 4));

        var statistics = LibvirtStatistics.Of(RecordedStatistics.Read(job));
        var estimate = new ProgressEstimate();
        Measure("progress", () => estimate.Add(statistics, MigrationPhase.Copying, TimeSpan.FromSeconds(2)));

        var options = new MigrationOptions
        {
            DiskMap = new Dictionary<string, string> { ["vda"] = "/srv/vm/web.qcow2" },
            NetworkMap = new Dictionary<string, string> { ["default"] = "servers" },
        };
        Measure("xml-rewrite", () => DomainXmlRewrite.Apply(RecordedStatistics.DomainXml, options));
    }

    private static void Measure<T>(string name, Func<T> work)
    {
        // The compiler's last tier comes in the background, after some calls and a pause.
        for (var round = 0; round < 5; round++)
        {
            Repeat(work, 2000);
            Thread.Sleep(120);
        }

        var calls = Math.Max(1, (int)(1000 * (Batch / Repeat(work, 1000))));
        var nanoseconds = Enumerable.Range(0, Batches).Select(_ => Repeat(work, calls).TotalNanoseconds / calls).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(work, 1000);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;
        Metric.Median($"micro.{name}.time", nanoseconds, "ns").Print();
        new Metric($"micro.{name}.allocated", bytes, "bytes").Print();
    }

    /// <summary>Processor time, for the machine may do other things beside.</summary>
    private static TimeSpan Repeat<T>(Func<T> work, int calls)
    {
        var before = Environment.CpuUsage.TotalTime;
        for (var call = 0; call < calls; call++)
            GC.KeepAlive(work());
        return Environment.CpuUsage.TotalTime - before;
    }
}
