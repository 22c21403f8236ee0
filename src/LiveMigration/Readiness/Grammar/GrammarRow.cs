using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LiveMigration.Readiness.Grammar;

/// <summary>What becomes of some parts of a definition: a row of <c>DomainGrammar.txt</c>.</summary>
internal sealed partial class GrammarRow
{
    private readonly Regex _paths;
    private readonly List<(string Group, GrammarCondition Condition)> _conditions = [];

    private GrammarRow(string pattern, GrammarVerdict verdict, IReadOnlyList<string> checks, string words)
    {
        (Pattern, Verdict, Checks, Words) = (pattern, verdict, checks, words);
        var text = Step().Replace(pattern, step =>
        {
            var name = step.Groups["name"].Value switch
            {
                "**" when step.Index + step.Length == pattern.Length => "(?:/.+)?",
                "**" => "(?:/[^/@]+)*",
                var one => $"/{Wildcards(one)}",
            };
            if (!step.Groups["condition"].Success)
                return name;
            var group = $"c{_conditions.Count}";
            _conditions.Add((group, GrammarCondition.Parse(step)));
            return $"(?<{group}>{name})";
        });
        _paths = new Regex($"^{text}$", RegexOptions.CultureInvariant);
    }

    /// <summary>The paths that it is about.</summary>
    internal string Pattern { get; }

    internal GrammarVerdict Verdict { get; }

    /// <summary>The ids of the checks that look it up.</summary>
    internal IReadOnlyList<string> Checks { get; }

    /// <summary>What the destination needs, where nobody looks; else why all is well, where that is not plain.</summary>
    internal string Words { get; }

    /// <summary>Whether it holds for some values only.</summary>
    internal bool IsConditional => _conditions.Count > 0;

    internal static GrammarRow Parse(string line)
    {
        var columns = Columns().Match(line);
        var (path, verdict, words) = (columns.Groups["path"].Value, columns.Groups["verdict"].Value, columns.Groups["words"].Value);
        return verdict switch
        {
            "carried" => new(path, GrammarVerdict.Carried, [], words),
            "harmless" => new(path, GrammarVerdict.Harmless, [], words),
            "not-looked-at" => new(path, GrammarVerdict.NotLookedAt, [], words),
            _ => new(path, GrammarVerdict.LookedUp, verdict.Split(' '), words),
        };
    }

    /// <summary>Whether a part with this path may be meant, whatever its values.</summary>
    internal bool Covers(string path) => _paths.IsMatch(path);

    /// <summary>Whether a part with this path, which is covered, has the values for it.</summary>
    internal bool Holds(XObject part, string path)
    {
        if (_conditions.Count == 0)
            return true;
        var match = _paths.Match(path);
        return _conditions.All(one =>
        {
            var group = match.Groups[one.Group];
            var above = path.AsSpan(group.Index + group.Length).Count('/');
            return one.Condition.Holds(GrammarPath.Above(part, above));
        });
    }

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    private static string Wildcards(string name) => Regex.Escape(name)
        .Replace("\\*", "[^/@]*", StringComparison.Ordinal)
        .Replace("\\{", "(?:", StringComparison.Ordinal).Replace("}", ")", StringComparison.Ordinal).Replace(',', '|');

    [GeneratedRegex(@"^(?<path>\S+)\s+(?<verdict>LM\d+(?: LM\d+)*|[a-z-]+)\s*(?<words>.*)$")]
    private static partial Regex Columns();

    [GeneratedRegex(@"/(?<name>[^/\[]+)(?<condition>\[(?<what>[^=!\]]+)(?<not>!?)='(?<values>[^']*)'\])?")]
    private static partial Regex Step();
}
