using System.Diagnostics;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.State;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests;

/// <summary>
/// The tests as a program. With a URI it connects and says how that went: for what is settled once in a process, like the library
/// that is loaded. With two URIs, a guest and a mode it begins a slow migration, and with <c>evacuate</c> or <c>resume=ID</c> and
/// <c>NAME=URI</c> of hosts it empties the first of them: for a client that can be killed. With <c>qemu</c>, a folder for its state, a
/// moment, two monitors and what is to be moved it migrates between QEMUs, and kills itself at that moment: <c>before:COMMAND</c> or
/// <c>after:COMMAND</c> of QMP.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            if (args is ["qemu", var state, var moment, var from, var to, var how])
                return await MigrateQemuAsync(new StateStore(state), moment.Split(':'), from, to, how);
            if (args is [var what, .. var hosts] && what.Split('=') is ["evacuate" or "resume", ..] words)
                return await EvacuateAsync(words.ElementAtOrDefault(1), hosts);
            using var host = await LibvirtHost.ConnectAsync("host", HostUri.Parse(args[0]));
            if (args is [_, var destination, var guest, var mode])
                await MigrateAsync(host, destination, guest, Enum.Parse<MigrationMode>(mode));
            else
                Console.WriteLine((await host.GetInfoAsync()).Hypervisor);
            return 0;
        }
        catch (LiveMigrationException error)
        {
            Console.WriteLine($"{error.Fault.Id}: {error.Message}");
            return 1;
        }
    }

    private static async Task MigrateAsync(LibvirtHost source, string destination, string guest, MigrationMode mode)
    {
        using var there = await LibvirtHost.ConnectAsync("destination", HostUri.Parse(destination));
        var options = new MigrationOptions { Mode = mode, Bandwidth = Bandwidth.Parse("10MiB/s"), CpuAffinity = [1] };
        var run = (await (await source.GetDomainAsync(guest)).PlanMigrationAsync(there, options)).Start();
        while (!(run.Progress.Transferred >= 1_000_000) && !run.Completion.IsCompleted)
            await Task.Delay(50);
        Console.WriteLine("copying");
        await run.Completion;
    }

    private static async Task<int> MigrateQemuAsync(StateStore state, string[] moment, string from, string to, string how)
    {
        // What is to be moved, and where the stream goes in the place of where the destination listens.
        (how, var uri) = how.Split('=', 2) is [var what, var way] ? (what, way) : (how, null);
        await using var source = await QemuProcess.ConnectAsync(QemuAddress.Parse(from), state: state);
        await using var destination = await QemuProcess.ConnectAsync(QemuAddress.Parse(to), state: state);
        var options = new MigrationOptions
        {
            Bandwidth = Bandwidth.FromMebibytes(how is "copy" ? 512 : how is "post-copy" ? 32 : moment[1] is "migrate" && moment[0] is "after" ? 2 : 1024),
            MigrationUri = how switch { "exec" => $"exec:cat >{uri}", "file" => $"file:{uri}", _ => uri },
            ListenAddress = how is "exec" ? $"exec:cat <{uri}" : null,
            PostCopy = how is "post-copy",
            PostCopyBandwidth = how is "post-copy" ? Bandwidth.FromMebibytes(4) : null,
            MaxDowntime = how is "post-copy" ? TimeSpan.FromMilliseconds(1) : null,
            Storage = new StorageOptions { Copy = how is "copy" ? CopyStorage.Full : CopyStorage.None, AssumeShared = how is "shared" ? ["disk0"] : [] },
        };
        var plan = await source.PlanMigrationAsync(destination, options);
        using var listener = new ActivityListener
        {
            ShouldListenTo = activities => activities.Name == "LiveMigration",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = call => DieAt("before", call),
            ActivityStopped = call => DieAt("after", call),
        };
        ActivitySource.AddActivityListener(listener);
        var run = plan.Start();
        if (how is "post-copy")
        {
            while (!(run.Progress is { Iteration: > 1 }) && !run.Completion.IsCompleted)
                await Task.Delay(20);
            await run.SwitchToPostCopyAsync();
        }

        Console.WriteLine(await run.Completion);
        return 0;

        void DieAt(string when, Activity call)
        {
            if (when != moment[0] || call.OperationName != moment[1] || call.Kind is not ActivityKind.Client)
                return;
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private static async Task<int> EvacuateAsync(string? id, string[] named)
    {
        var hosts = await Task.WhenAll(named.Select(host => host.Split('=', 2)).Select(host => LibvirtHost.ConnectAsync(host[0], HostUri.Parse(host[1]))));
        var evacuations = new HostEvacuations(new StateStore(StateStore.UserFolder));
        EvacuationRun run;
        if (id is null)
        {
            var fleet = await FleetSurvey.ReadAsync([hosts[0]], hosts[1..]);
            var options = new EvacuationOptions { Bandwidth = Bandwidth.Parse("200Mbit/s"), Destinations = [.. hosts.Skip(1).Select(host => host.Name)] };
            run = await evacuations.StartAsync(EvacuationPlanner.Plan(fleet, [hosts[0].Name], options), hosts);
        }
        else
        {
            run = evacuations.Resume(id, hosts);
        }

        Console.WriteLine(run.Id);
        Console.WriteLine(await run.WaitAsync());
        return 0;
    }
}
