using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.State;
using LiveMigration.Units;

namespace LiveMigration.Tests;

/// <summary>
/// The tests as a program. With a URI it connects and says how that went: for what is settled once in a process, like the library
/// that is loaded. With two URIs, a guest and a mode it begins a slow migration, and with <c>evacuate</c> or <c>resume=ID</c> and
/// <c>NAME=URI</c> of hosts it empties the first of them: for a client that can be killed.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
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
