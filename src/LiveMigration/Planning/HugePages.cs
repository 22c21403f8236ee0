using System.Globalization;
using System.Xml.Linq;
using LiveMigration.Readiness.Checks.Cpu;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Units;

namespace LiveMigration.Planning;

/// <summary>The memory of a guest that is in huge pages.</summary>
internal static class HugePages
{
    /// <summary>Bytes by the size of the page in KiB, without the host's default size, which no definition names; null where the memory is in ordinary pages.</summary>
    internal static IReadOnlyDictionary<uint, long>? Of(XElement definition, long memory)
    {
        var pages = definition.Elements("memoryBacking").Elements("hugepages").ToArray();
        if (pages.Length == 0)
            return null;
        try
        {
            return Of(pages, definition.Elements("cpu").Elements("numa").Elements("cell").GroupBy(cell => (string?)cell.Attribute("id")).ToDictionary(cell => cell.Key ?? "", cell => cell.Sum(Memory)), memory);
        }
        catch (FormatException)
        {
            return new Dictionary<uint, long>(); // Which libvirt would not have accepted.
        }
    }

    private static Dictionary<uint, long> Of(IEnumerable<XElement> pages, Dictionary<string, long> cells, long memory)
    {
        var (needs, left) = (new Dictionary<uint, long>(), memory);
        // What no set of nodes names is taken from the page without one.
        foreach (var page in pages.Elements("page").OrderBy(page => page.Attribute("nodeset") is null))
        {
            var bytes = (string?)page.Attribute("nodeset") is { } nodes && cells.Count > 0 ? CpuSet.Parse(nodes).Sum(node => cells.GetValueOrDefault($"{node}")) : left;
            needs[PageSize.Of(page)] = needs.GetValueOrDefault(PageSize.Of(page)) + bytes;
            left -= bytes;
        }

        return needs;
    }

    private static long Memory(XElement cell) =>
        ByteSize.Parse(string.Create(CultureInfo.InvariantCulture, $"{(string?)cell.Attribute("memory") ?? "0"}{(string?)cell.Attribute("unit") ?? "KiB"}")).Bytes;
}
