using System.Globalization;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>libvirt's sets of numbers: <c>0-3,^2,8</c>.</summary>
internal static class CpuSet
{
    internal static IEnumerable<int> Parse(string set)
    {
        var (taken, left) = (new HashSet<int>(), new HashSet<int>());
        foreach (var part in set.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var range = part.TrimStart('^').Split('-');
            if (int.TryParse(range[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && int.TryParse(range[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
                (part[0] == '^' ? left : taken).UnionWith(Enumerable.Range(first, Math.Clamp(last - first + 1, 0, 4096)));
        }

        return taken.Except(left);
    }
}
