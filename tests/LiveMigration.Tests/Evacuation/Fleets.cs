using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;

namespace LiveMigration.Tests.Evacuation;

/// <summary>Fleets to plan for.</summary>
internal static class Fleets
{
    public static FleetHost Host(string name, string memory = "64GiB", params string[] links) =>
        new() { Name = name, Memory = ByteSize.Parse(memory), Links = links };

    public static FleetLink Link(string name, string bandwidth = "1Gbit/s", int? most = null) =>
        new() { Name = name, Bandwidth = Bandwidth.Parse(bandwidth), MaxMigrations = most };

    public static FleetDomain Domain(string name, string host = "a", string memory = "4GiB", string? dirty = null) => new()
    {
        Uuid = new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)),
        Name = name,
        Host = host,
        Memory = ByteSize.Parse(memory),
        VCpus = 2,
        DirtyRate = dirty is null ? null : Bandwidth.Parse(dirty).BytesPerSecond,
    };

    /// <summary>Hosts a, b, c with a card of 1 Gbit/s each.</summary>
    public static Fleet Three(params FleetDomain[] domains) => new()
    {
        Hosts = [Host("a", links: "a"), Host("b", links: "b"), Host("c", links: "c")],
        Links = [Link("a"), Link("b"), Link("c")],
        Domains = domains,
    };

    /// <summary>Racks of twenty hosts behind an uplink, with about twenty domains each, some of them hot, pinned or in groups.</summary>
    public static Fleet Random(int hosts, int domains, int seed)
    {
        var random = new Random(seed);
        var racks = (hosts + 19) / 20;
        return new Fleet
        {
            Hosts = [.. Enumerable.Range(0, hosts).Select(host => Host($"host{host}", "512GiB", $"card{host}", $"rack{host / 20}"))],
            Links =
            [
                .. Enumerable.Range(0, hosts).Select(host => Link($"card{host}", "10Gbit/s")),
                .. Enumerable.Range(0, racks).Select(rack => Link($"rack{rack}", "40Gbit/s", most: 40)),
            ],
            Domains = [.. Enumerable.Range(0, domains).Select(domain => Domain($"vm{domain}", $"host{random.Next(hosts)}", $"{1 << random.Next(1, 6)}GiB") with
            {
                DirtyRate = Bandwidth.FromBytes((long)random.Next(1, random.Next(30) == 0 ? 600 << 20 : 20 << 20)).BytesPerSecond,
                Priority = random.Next(10) == 0 ? 1 : 0,
                Pinned = random.Next(100) == 0 ? "a PCI device is passed through" : null,
                AntiAffinityGroup = random.Next(5) == 0 ? $"apart{random.Next(domains / 5 + 1)}" : null,
                AffinityGroup = random.Next(20) == 0 ? $"together{random.Next(domains / 8 + 1)}" : null,
                Refusals = random.Next(10) == 0 ? new Dictionary<string, string> { [$"host{random.Next(hosts)}"] = "its CPU lacks avx512f" } : [],
            })],
        };
    }
}
