using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.State;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Evacuating;

/// <summary>The same guests from one host to the other over a narrow link: by virsh one after the other, by virsh several at a time, and by the core.</summary>
internal static class EvacuateBenchmark
{
    internal static async Task RunAsync(string first, string second, DrainCourse course, EvacuateOptions options)
    {
        string[] uris = [first, second];
        using var hostHere = await LibvirtHost.ConnectAsync("a", HostUri.Parse(first));
        using var hostThere = await LibvirtHost.ConnectAsync("b", HostUri.Parse(second));
        LibvirtHost[] hosts = [hostHere, hostThere];

        // Uncounted, over a wide link: what has to travel, and our just-in-time compiler.
        await course.ShapeAsync("10gbit");
        var bytes = await course.BytesAtLeastAsync(from => VirshAsync(from, options.AtOnce));
        await course.RunAsync(CoreAsync);
        await course.ShapeAsync($"{options.Megabits}mbit");

        (string Name, Func<int, Task> Move)[] contestants = [("virsh", from => VirshAsync(from, 1)), ("xargs", from => VirshAsync(from, options.AtOnce)), ("ours", CoreAsync)];
        var drains = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Drain>());
        for (var round = 0; round < options.Rounds; round++)
            foreach (var (name, move) in Turned(contestants, round))
                drains[name].Add(await course.RunAsync(move));
        Print(drains, bytes / options.BytesPerSecond);

        Task VirshAsync(int from, int atOnce) => WholeProcess.RunAsync("sh", "-c",
            $"printf '%s\\n' {string.Join(' ', course.Guests)} | xargs -P{atOnce} -I{{}} virsh -q -c {uris[from]} migrate --live --p2p --persistent --undefinesource --abort-on-error {{}} {uris[1 - from]}");

        async Task CoreAsync(int from)
        {
            var (source, destination) = (hosts[from], hosts[1 - from]);
            var limits = new EvacuationOptions
            {
                Bandwidth = Bandwidth.FromBytes((long)options.BytesPerSecond),
                MaxOutgoing = options.AtOnce,
                MaxIncoming = options.AtOnce,
                Destinations = [destination.Name],
            };
            // As virsh without --tls; bench tls tells what encryption costs.
            var policy = new EvacuationPolicy { Tls = MigrationTls.Off, OnFailure = OnFailure.Stop };
            var fleet = await FleetSurvey.ReadAsync([source], [destination], policy);
            var plan = EvacuationPlanner.Plan(fleet, [source.Name], limits) with { Policy = policy };
            var evacuation = await (await new HostEvacuations(new StateStore(StateStore.UserFolder)).StartAsync(plan, hosts)).WaitAsync();
            File.Delete(evacuation.Journal);
            if (!evacuation.IsComplete || evacuation.Moved != course.Guests.Count)
                throw new InvalidOperationException($"{evacuation}: {string.Join(' ', evacuation.Domains.Select(domain => domain.Error))}");
        }
    }

    /// <summary>Each is first, second and last as often as the others.</summary>
    private static IEnumerable<T> Turned<T>(T[] all, int by) => all.Skip(by % all.Length).Concat(all.Take(by % all.Length));

    private static void Print(Dictionary<string, List<Drain>> drains, double bound)
    {
        foreach (var (name, all) in drains)
        {
            Metric.Median($"evacuate.makespan.{name}", [.. all.Select(drain => drain.Seconds)], "s").Print();
            Metric.Median($"evacuate.blackout.{name}", [.. all.Select(drain => drain.Blackout)], "ms").Print();
            Metric.Median($"evacuate.wire.{name}", [.. all.Select(drain => drain.Bytes / (double)ByteSize.MiB)], "MiB").Print();
        }

        new Metric("evacuate.makespan.bound", bound, "s") { Includes = "what the link carries when all guests stand still, over its bandwidth" }.Print();
        var ours = drains["ours"];
        (Metric.Median("evacuate.makespan.ratio.bound", [.. ours.Select(drain => drain.Seconds / bound)], "ours/bound") with
        {
            Aim = 1.15,
            Includes = "connected beforehand; look at both hosts, plan, carry out with a journal on the disk, verify each guest",
        }).Print();
        foreach (var other in new[] { "virsh", "xargs" })
        {
            (Metric.Median($"evacuate.makespan.ratio.{other}", Ratios(drain => drain.Seconds), $"ours/{other}") with { Aim = 1 }).Print();
            (Metric.Median($"evacuate.blackout.ratio.{other}", Ratios(drain => drain.Blackout), $"ours/{other}") with
            {
                Aim = 1,
                Includes = "the longest gap between ticks of each guest, added up",
            }).Print();

            double[] Ratios(Func<Drain, double> what) => [.. ours.Zip(drains[other], (our, their) => what(our) / what(their))];
        }
    }
}
