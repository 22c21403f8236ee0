using System.Collections.Concurrent;
using System.Xml.Linq;

namespace LiveMigration.Readiness.Grammar;

/// <summary>part of a definition → what becomes of it when the VM moves. What is in no row is new to us.</summary>
internal static class GrammarTable
{
    /// <summary>By path, the rows that may decide, the last first; only the last of these holds whatever the values.</summary>
    private static readonly ConcurrentDictionary<string, GrammarRow[]> Deciding = new();

    /// <summary>The rows in their order.</summary>
    internal static IReadOnlyList<GrammarRow> Rows { get; } = Read();

    /// <summary>Every element and attribute of a definition with the row that decides; null for a part that no row knows.</summary>
    internal static IEnumerable<(XObject Part, string Path, GrammarRow? Row)> Look(XElement definition)
    {
        var open = new Stack<(XElement Element, string Path)>([(definition, GrammarPath.Of(definition))]);
        while (open.TryPop(out var next))
        {
            var (element, path) = next;
            yield return (element, path, Decide(element, path));
            // What people keep in there is theirs.
            if (path is "/domain/metadata")
                continue;
            foreach (var attribute in element.Attributes().Where(one => !one.IsNamespaceDeclaration))
            {
                var of = $"{path}/@{GrammarPath.Name(attribute.Name)}";
                yield return (attribute, of, Decide(attribute, of));
            }

            foreach (var child in element.Elements().Reverse())
                open.Push((child, $"{path}/{GrammarPath.Name(child.Name)}"));
        }
    }

    /// <summary>What stands in those parts of a definition that this check looks up.</summary>
    internal static IEnumerable<string> ValuesFor(string check, XElement definition) => Look(definition)
        .Where(part => part.Row?.Checks.Contains(check) is true)
        .Select(part => GrammarPath.ValueOf(part.Part)).Where(value => value.Length > 0).Distinct();

    /// <summary>The rows that decide about a path, each for some values; none for a path that no row knows.</summary>
    internal static IReadOnlyList<GrammarRow> Of(string path) => Deciding.GetOrAdd(path, static one =>
    {
        var rows = new List<GrammarRow>();
        foreach (var row in Rows.Reverse().Where(row => row.Covers(one)))
        {
            rows.Add(row);
            if (!row.IsConditional)
                break;
        }

        return [.. rows];
    });

    private static GrammarRow? Decide(XObject part, string path) => Of(path).FirstOrDefault(row => row.Holds(part, path));

    private static GrammarRow[] Read()
    {
        using var stream = typeof(GrammarTable).Assembly.GetManifestResourceStream("DomainGrammar.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith('/')).Select(GrammarRow.Parse)];
    }
}
