using System.Diagnostics;
using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Migrating;

/// <summary>The same guest to and fro between two hosts, by virsh and by the core in turn.</summary>
internal static class MigrateBenchmark
{
    internal static async Task RunAsync(string first, string second, string guest, MigrateOptions options)
    {
        string[] uris = [first, second];
        using var here = new Witness(first);
        using var there = new Witness(second);
        var course = new Course(guest, [here, there]);
        await Task.Delay(500);
        await StandingAsync(course, uris, options);
        if (options.ProcessPairs > 0)
            await ProcessAsync(course, uris, options);
        if (options.LongSeconds > 0)
            await LongAsync(course, uris, options);
    }

    private static async Task StandingAsync(Course course, string[] uris, MigrateOptions options)
    {
        using var shellHere = await Shell.VirshAsync(uris[0]);
        using var shellThere = await Shell.VirshAsync(uris[1]);
        using var hostHere = await LibvirtHost.ConnectAsync("here", HostUri.Parse(uris[0]));
        using var hostThere = await LibvirtHost.ConnectAsync("there", HostUri.Parse(uris[1]));
        var virsh = new VirshMover([shellHere, shellThere], uris, options);
        var core = new CoreMover([hostHere, hostThere], options);
        // Both once, uncounted: the hosts' page caches, and our just-in-time compiler. The whole-process pairs have all that in.
        await course.RunAsync(virsh);
        await course.RunAsync(core);

        var moves = await Pairs<Move>.RunAsync(options.Pairs, () => course.RunAsync(virsh), () => course.RunAsync(core));
        var name = $"migrate.{course.Guest}{(options.Direct ? ".direct" : "")}";
        foreach (var ratio in moves.Ratios(move => move.Wall))
            new Metric($"{name}.wall.pair", ratio, "ours/virsh").Print();
        moves.Print($"{name}.wall", "ms", move => move.Wall, aim: 1.05,
            "both connected beforehand; virsh: the migrate command in its shell; ours: find the domain, plan, migrate, verify on both hosts");
        moves.Print($"{name}.job", "ms", move => move.Job, includes: "libvirt's own time of the migration: where it differs, the machine or our watching made it so");
        moves.Print($"{name}.around-job", "ms", move => move.Wall - move.Job, includes: "the wall time that is not the job's: the contestants' own share, and libvirt's finish");
        (Metric.Median($"{name}.plan.ours", [.. core.Planning.Skip(1)], "ms") with { Includes = "find the domain and plan: the part of our wall time before anything moves" }).Print();
        moves.Print($"{name}.downtime", "ms", move => move.Downtime, aim: 1.05, "as QEMU measured it, from libvirt's job-completed event at the source");
        moves.Print($"{name}.result-after-qemu", "ms", move => move.AfterQemu,
            includes: "from QEMU's own 'completed' at the source; libvirt then resumes the guest there and ends the process here");
        Metric.Median($"{name}.result-after-libvirt.virsh", [.. moves.Theirs.Select(move => move.AfterLibvirt)], "ms").Print();
        (Metric.Median($"{name}.result-after-libvirt.ours", [.. moves.Ours.Select(move => move.AfterLibvirt)], "ms") with
        {
            Aim = 100,
            Includes = "from the later of 'Resumed Migrated' there and 'Stopped Migrated' here; ours: measured downtime, verdict, verification",
        }).Print();
    }

    private static async Task ProcessAsync(Course course, string[] uris, MigrateOptions options)
    {
        var virsh = new ProcessMover("virsh", (guest, from) => ["-q", "-c", uris[from], .. VirshMover.Arguments(guest, uris[1 - from], options)]);
        var sample = new ProcessMover(Sample(), (guest, from) => [uris[from], uris[1 - from], guest, .. options.Unsafe ? ["--allow-unsafe"] : Array.Empty<string>()]);
        var moves = await Pairs<Move>.RunAsync(options.ProcessPairs, () => course.RunAsync(virsh), () => course.RunAsync(sample));
        moves.Print($"migrate.{course.Guest}.process.wall", "ms", move => move.Wall, aim: null,
            "each from process start to exit; virsh: connect to the source, migrate; ours: .NET's start, connect to both, plan, migrate, verify");
    }

    /// <summary>A migration that its bandwidth makes long: what it costs us to watch.</summary>
    private static async Task LongAsync(Course course, string[] uris, MigrateOptions options)
    {
        using var hostHere = await LibvirtHost.ConnectAsync("here", HostUri.Parse(uris[0]));
        using var hostThere = await LibvirtHost.ConnectAsync("there", HostUri.Parse(uris[1]));
        var memory = (await hostHere.GetDomainAsync(course.Guest)).MaxMemory;
        var core = new CoreMover([hostHere, hostThere], options) { Limit = Bandwidth.FromMebibytes(Math.Max(1L, (long)memory! / (long)ByteSize.MiB / options.LongSeconds)) };
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var move = await course.RunAsync(core);
        self.Refresh();
        var used = self.TotalProcessorTime - before;
        new Metric("migrate.long.wall", move.Wall / 1000, "s").Print();
        new Metric("migrate.long.cpu", used.TotalSeconds / (move.Wall / 60_000), "s/min")
        {
            Includes = "user and system time of our process: plan, events, statistics, verification",
        }.Print();
    }

    /// <summary>Built beside this program.</summary>
    private static string Sample()
    {
        var path = AppContext.BaseDirectory.Replace("LiveMigration.Benchmarks", "LiveMigration.Sample", StringComparison.Ordinal);
        return Path.Combine(path, "LiveMigration.Sample");
    }
}
