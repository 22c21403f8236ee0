using System.Xml.Linq;
using LiveMigration.Readiness.Grammar;

namespace LiveMigration.Tests.Readiness.Grammar;

/// <summary>A grammar as libvirt installs it: RELAX NG, in files that include each other.</summary>
internal sealed class RelaxNgGrammar
{
    private static readonly XNamespace Ng = "http://relaxng.org/ns/structure/1.0";

    private readonly Dictionary<string, List<XElement>> _definitions = [];

    private RelaxNgGrammar(string folder, string file) => Include(Path.Combine(folder, file));

    /// <summary>What makes up a domain, live or not.</summary>
    public static RelaxNgGrammar OfDomains(string folder) => new(folder, "domain.rng");

    /// <summary>The definitions of that name; those of one name that stand in several files are alternatives.</summary>
    public IReadOnlyList<XElement> this[string name] => _definitions[name];

    /// <summary>Every element and attribute that a domain may have, as <see cref="GrammarPath"/> writes it. What contains itself is followed once.</summary>
    public IReadOnlyList<string> Paths()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var domain in this["domain"])
            Walk(domain, "", [], [], found);
        return [.. found];
    }

    /// <summary>The names that an element or attribute may have; * for any.</summary>
    public static IEnumerable<string> NamesOf(XElement part)
    {
        var names = part.Attribute("name") is { } one ? [one.Value] : part.Elements(Ng + "name").Select(name => name.Value).ToArray();
        var @namespace = part.Name == Ng + "element" ? part.AncestorsAndSelf().Attributes("ns").FirstOrDefault()?.Value ?? "" : "";
        return names.Length == 0 ? ["*"] : names.Select(name => GrammarPath.Name(XName.Get(name, @namespace)));
    }

    private void Include(string file)
    {
        var grammar = XElement.Load(file);
        foreach (var include in grammar.Descendants(Ng + "include"))
            Include(Path.Combine(Path.GetDirectoryName(file)!, (string)include.Attribute("href")!));
        foreach (var definition in grammar.Elements(Ng + "define"))
        {
            var name = (string)definition.Attribute("name")!;
            if (!_definitions.TryGetValue(name, out var several))
                _definitions[name] = several = [];
            several.Add(definition);
        }
    }

    private void Walk(XElement pattern, string path, HashSet<string> followed, HashSet<XElement> open, SortedSet<string> found)
    {
        foreach (var part in pattern.Elements())
        {
            switch (part.Name.LocalName)
            {
                case "ref":
                    var name = (string)part.Attribute("name")!;
                    if (!followed.Contains(name))
                    {
                        foreach (var definition in this[name])
                            Walk(definition, path, [.. followed, name], open, found);
                    }

                    break;
                case "attribute":
                    found.UnionWith(NamesOf(part).Select(one => $"{path}/@{one}"));
                    break;
                case "element":
                    foreach (var one in NamesOf(part))
                    {
                        found.Add($"{path}/{one}");
                        if (one != "*" && !open.Contains(part))
                            Walk(part, $"{path}/{one}", [], [.. open, part], found);
                    }

                    break;
                default:
                    Walk(part, path, followed, open, found);
                    break;
            }
        }
    }
}
