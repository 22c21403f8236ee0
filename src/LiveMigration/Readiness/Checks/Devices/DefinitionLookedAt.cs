using System.Xml.Linq;
using LiveMigration.Readiness.Grammar;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM098: what no other check looks at is said, and what libvirt has come to know since we wrote our table.</summary>
internal sealed class DefinitionLookedAt()
    : ReadinessCheck("LM098", "The checks cover every part of the VM's definition", CheckCategory.Devices, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var told = new HashSet<XObject>();
        var left = GrammarTable.Look(facts.TargetXml)
            .Where(part => part.Row is null or { Verdict: GrammarVerdict.NotLookedAt })
            .Where(part => told.Add(part.Part) && !(part.Part.Parent is { } parent && told.Overlaps(parent.AncestorsAndSelf())))
            .GroupBy(part => (part.Path, part.Row))
            .ToArray();
        return left.Length == 0
            ? [Pass("Every part is looked up on the destination, or needs nothing of it.")]
            : left.Select(parts => Broken(
                $"{(parts.Key.Row is null ? "Unknown to this version of the module" : "Not checked")}{Values(parts.Select(part => part.Part))}. "
                + $"Make sure that {facts.Destination.Name} has {parts.Key.Row?.Words ?? "what this needs"}.",
                subject: parts.Key.Path));
    }

    private static string Values(IEnumerable<XObject> parts)
    {
        var values = parts.Select(GrammarPath.ValueOf).Where(value => value.Length > 0).Distinct().ToArray();
        return values.Length == 0 ? "" : $": {string.Join(", ", values)}";
    }
}
