using System.Diagnostics;
using LiveMigration.Benchmarks.Listing;
using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Auditing;

/// <summary>Readiness of one VM of real hosts, and of a fleet of libvirt's test driver.</summary>
internal static class ReadinessBenchmark
{
    private const int Vms = 500;
    private const int AtOnce = 8;

    internal static async Task OneAsync(string first, string second, string guest, int rounds)
    {
        using var source = await LibvirtHost.ConnectAsync("a", HostUri.Parse(first));
        using var destination = await LibvirtHost.ConnectAsync("b", HostUri.Parse(second));
        var domain = await source.GetDomainAsync(guest);
        await new ReadinessAudit().TestAsync(domain, destination);
        var (all, plans, gated) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            all.Add(await TimeAsync(() => new ReadinessAudit().TestAsync(domain, destination)));
            plans.Add(await TimeAsync(() => domain.PlanMigrationAsync(destination)));
            gated.Add(await TimeAsync(() => new ReadinessAudit(selection: new() { BlockersOnly = true }).PlanAsync(domain, destination)));
        }

        (Metric.Median("readiness.one", all, "ms") with { Aim = 1000, Includes = "both hosts connected beforehand; all questions, all checks" }).Print();
        (Metric.Median("readiness.plan", plans, "ms") with { Includes = "a plan without a look at blockers" }).Print();
        (Metric.Median("readiness.plan.blockers", gated, "ms") with { Includes = "the same with it, as Start-VMLiveMigration does" }).Print();
    }

    internal static async Task FleetAsync()
    {
        var directory = Directory.CreateTempSubdirectory("livemigration-readiness-");
        try
        {
            foreach (var (name, count) in new[] { ("a", Vms), ("b", 0), ("c", 0) })
                NodeDefinition.Write(Path.Combine(directory.FullName, $"{name}.xml"), count);
            using var source = await ConnectAsync("a");
            using var second = await ConnectAsync("b");
            using var third = await ConnectAsync("c");
            var domains = await source.GetDomainsAsync();
            var pairs = domains.SelectMany(domain => new[] { second, third }.Select(host => (domain, host))).ToArray();
            await AuditAsync(pairs[..2]);

            using var questions = new QuestionCount();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var time = await TimeAsync(() => AuditAsync(pairs));
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            new Metric("readiness.fleet.time", time / 1000, "s") { Includes = $"{Vms} VMs, 2 destinations, {AtOnce} at once" }.Print();
            new Metric("readiness.fleet.questions", (double)questions.Count / Vms, "questions/VM") { Includes = "to hosts and of the VM; what hosts say of themselves is asked once" }.Print();
            new Metric("readiness.fleet.allocated", allocated / 1024.0 / pairs.Length, "KiB/report").Print();
            new Metric("readiness.fleet.peak", Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0, "MiB") { Includes = "the whole process, libvirt's test driver in it" }.Print();
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        Task<LibvirtHost> ConnectAsync(string name) => LibvirtHost.ConnectAsync(name, HostUri.Parse($"test://{directory.FullName}/{name}.xml"));
    }

    private static async Task AuditAsync((LibvirtDomain Domain, LibvirtHost Destination)[] pairs)
    {
        var audit = new ReadinessAudit();
        await Parallel.ForEachAsync(pairs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (pair, stop) =>
            await audit.TestAsync(pair.Domain, pair.Destination, cancellationToken: stop));
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
