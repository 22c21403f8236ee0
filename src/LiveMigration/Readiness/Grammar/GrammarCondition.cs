using System.IO.Enumeration;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LiveMigration.Readiness.Grammar;

/// <summary>What a row wants of an element: one of some values in an attribute, or as its text; or none of them.</summary>
/// <param name="Attribute">The attribute; null for the text.</param>
/// <param name="Values">The values; wildcards are allowed. One that is empty is that of an attribute that is not there.</param>
/// <param name="Negated">Whether it wants none of them.</param>
internal sealed record GrammarCondition(string? Attribute, IReadOnlyList<string> Values, bool Negated)
{
    internal static GrammarCondition Parse(Match step) => new(
        step.Groups["what"].Value is ['@', .. var name] ? name : null,
        step.Groups["values"].Value.Split('|'),
        step.Groups["not"].Length > 0);

    internal bool Holds(XElement element)
    {
        var value = Attribute is null ? GrammarPath.ValueOf(element) : (string?)element.Attribute(Attribute) ?? "";
        return Values.Any(wanted => wanted.Length == 0 ? value.Length == 0 : FileSystemName.MatchesSimpleExpression(wanted, value, ignoreCase: false)) != Negated;
    }
}
