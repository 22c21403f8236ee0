using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests;

/// <summary>
/// The tests as a program. With a URI it connects and says how that went: for what is settled once in a process, like the library
/// that is loaded. With two URIs, a guest and a mode it begins a slow migration: for a client that can be killed.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
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
        while (run.Progress.Transferred.Bytes < 1_000_000 && !run.Completion.IsCompleted)
            await Task.Delay(50);
        Console.WriteLine("copying");
        await run.Completion;
    }
}
