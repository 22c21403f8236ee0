using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Tests;

/// <summary>
/// The tests as a program: connects to a URI and says how that went. For what is settled once in a process, like the library
/// that is loaded.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            using var host = await LibvirtHost.ConnectAsync("host", HostUri.Parse(args[0]));
            Console.WriteLine((await host.GetInfoAsync()).Hypervisor);
            return 0;
        }
        catch (LiveMigrationException error)
        {
            Console.WriteLine($"{error.Fault.Id}: {error.Message}");
            return 1;
        }
    }
}
