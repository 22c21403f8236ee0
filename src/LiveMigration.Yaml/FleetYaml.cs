using LiveMigration.Evacuation.Fleets;
using LiveMigration.Errors;
using LiveMigration.Units;

namespace LiveMigration.Yaml;

/// <summary>YAML text → what is said of a fleet. The same names stand in the file of a plan.</summary>
internal static class FleetYaml
{
    /// <summary>Reads it, or throws all that is wrong with the text.</summary>
    internal static FleetDescription Parse(string text, string source)
    {
        var errors = new YamlErrors(source, text, Faults.InvalidFleet);
        var description = YamlDocument.Read(text, errors, "A fleet", "links:, hosts: or vms:", ReadAll);
        errors.Throw();
        return description!;
    }

    /// <summary>Reads it among other things.</summary>
    internal static FleetDescription Read(YamlSection yaml)
    {
        FleetLink[] links = yaml.Has("links") ? [.. yaml.Sections("links").Select(Link)] : [];
        return new FleetDescription
        {
            Links = links,
            Hosts = yaml.Has("hosts") ? yaml.Sections("hosts").Select(host => Limits(host, links)).ToArray() : [],
            Domains = yaml.Has("vms") ? yaml.Sections("vms").Select(vm => Wishes(vm, links)).ToArray() : [],
        };
    }

    private static FleetDescription ReadAll(YamlSection yaml)
    {
        var description = Read(yaml);
        yaml.Finish();
        return description;
    }

    private static FleetLink Link(YamlSection yaml)
    {
        yaml.Require("link");
        var link = new FleetLink { Name = yaml.Text("link") ?? "", Bandwidth = yaml.Rate("bandwidth") ?? Bandwidth.Unlimited, MaxMigrations = yaml.Count("maxMigrations") };
        yaml.Finish();
        return link;
    }

    private static HostLimits Limits(YamlSection yaml, FleetLink[] links)
    {
        yaml.Require("host");
        var limits = new HostLimits
        {
            Name = yaml.Text("host") ?? "",
            ReservedMemory = yaml.Size("reserved") ?? default,
            VCpus = yaml.Count("vcpus"),
            Links = LinksOf(yaml, "links", links),
            Storage = yaml.Text("storage", text => Find(text, links), Names(links))?.Name,
            MaxOutgoing = yaml.Count("maxOutgoing"),
            MaxIncoming = yaml.Count("maxIncoming"),
        };
        yaml.Finish();
        return limits;
    }

    private static DomainWishes Wishes(YamlSection yaml, FleetLink[] links)
    {
        yaml.Require("vm");
        var wishes = new DomainWishes
        {
            Name = yaml.Text("vm") ?? "",
            Priority = yaml.Number("priority"),
            Pinned = yaml.Text("stays"),
            AffinityGroup = yaml.Text("together"),
            AntiAffinityGroup = yaml.Text("apart"),
            Storage = LinksOf(yaml, "storage", links),
        };
        yaml.Finish();
        return wishes;
    }

    private static string[] LinksOf(YamlSection yaml, string key, FleetLink[] links) => [.. yaml.Texts(key, text => Find(text, links), Names(links)).Select(link => link.Name)];

    private static FleetLink? Find(string name, FleetLink[] links) => Array.Find(links, link => link.Name == name);

    private static IEnumerable<string> Names(FleetLink[] links) => links.Select(link => link.Name);
}
