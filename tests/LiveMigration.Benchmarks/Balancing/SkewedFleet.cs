using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Balancing;

/// <summary>Hosts of 64 CPUs and 512 GiB with twenty VMs each on average, far more of them on the first hosts than on the last.</summary>
internal static class SkewedFleet
{
    internal const int Cpus = 64;

    internal const long Memory = 512L << 30;

    internal static Fleet Of(int hosts, int domains, int seed)
    {
        var random = new Random(seed);
        var free = Enumerable.Repeat((long)(Memory * 0.94), hosts).ToArray();
        var list = new List<FleetDomain>(domains);
        for (var number = 0; number < domains; number++)
        {
            var memory = 1L << (30 + random.Next(0, 6));
            var host = (int)(hosts * Math.Pow(random.NextDouble(), 1.6));
            while (free[host] < memory)
                host = (host + 1) % hosts;
            free[host] -= memory;
            // Most VMs do little, and a few very much.
            list.Add(new FleetDomain { Uuid = new Guid(number + 1, 0, 0, new byte[8]), Name = $"vm{number}", Host = $"host{host}", Memory = memory, VCpus = 4, Cpu = Math.Min(8, 0.2 - (1.1 * Math.Log(1 - random.NextDouble()))) });
        }

        return new Fleet { Hosts = [.. Enumerable.Range(0, hosts).Select(host => new FleetHost { Name = $"host{host}", Memory = new ByteSize(Memory), Cpus = Cpus })], Domains = list };
    }
}
