using System.Diagnostics;
using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Streams;

namespace LiveMigration.Benchmarks.Streaming;

/// <summary>How fast a stream of a QEMU is read, beside cat of the same file and, where it is given, QEMU's own analyze-migration.py.</summary>
internal static class StreamBenchmark
{
    private const int Rounds = 9;

    private const double Least = 1024;

    internal static async Task RunAsync(string stream, string? analyzer)
    {
        var mebibytes = new FileInfo(stream).Length / (double)(1 << 20);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await OursAsync();
        new Metric("stream.read.allocated", (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(1 << 20), "MiB")
        {
            Includes = $"the first reading of a stream of {mebibytes:0} MiB",
        }.Print();
        var rates = await Pairs<double>.RunAsync(Rounds, () => RateAsync(() => WholeProcess.RunAsync("sh", "-c", $"cat '{stream}' >/dev/null")), () => RateAsync(OursAsync));
        rates.Print("stream.read", "MiB/s", rate => rate, includes: $"all records of a plain stream, from the kernel's cache; {Least} MiB/s are aimed at", theirs: "cat");
        var fields = new List<double>();
        for (var round = 0; round < Rounds; round++)
            fields.Add(await RateAsync(() => Task.FromResult(MigrationStreamReader.Read(stream, new StreamReading { FieldsOf = _ => true }))));
        Metric.Median("stream.fields", fields, "MiB/s").Print();
        var memory = Directory.CreateTempSubdirectory("lm-bench");
        try
        {
            var written = new List<double>();
            for (var round = 0; round < 3; round++)
                written.Add(await RateAsync(() => Task.FromResult(MigrationStreamReader.Read(stream, new StreamReading { MemoryFolder = memory.FullName, ReplaceMemory = true }))));
            Metric.Median("stream.memory", written, "MiB/s").Print();
        }
        finally
        {
            memory.Delete(recursive: true);
        }

        if (analyzer is null)
            Metric.Refused("stream.analyze-migration", "no script was given: analyze=PATH, of QEMU's scripts");
        else
            Metric.Median("stream.analyze-migration", [await RateAsync(() => WholeProcess.RunAsync("python3", analyzer, "-f", stream, "-d", "state"))], "MiB/s").Print();

        Task OursAsync()
        {
            if (!MigrationStreamReader.Read(stream).IsIntact)
                throw new InvalidOperationException($"{stream} is damaged.");
            return Task.CompletedTask;
        }

        async Task<double> RateAsync(Func<Task> run)
        {
            var started = Stopwatch.GetTimestamp();
            await run();
            return mebibytes / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }
}
