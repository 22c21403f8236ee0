using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LiveMigration.Yaml;

/// <summary>
/// A parser that tells the place of what YamlDotNet would not: text nested deeper than any policy, on which the building of
/// nodes runs out of stack; an alias of nothing; and text on which its scanner fails.
/// </summary>
internal sealed class ShallowParser(IParser parser) : IParser
{
    private const int Deepest = 20;

    private readonly HashSet<AnchorName> _anchors = [];
    private int _depth;

    public ParsingEvent? Current => parser.Current;

    public bool MoveNext()
    {
        if (!Move())
            return false;
        _depth += Current!.NestingIncrease;
        if (_depth > Deepest)
            throw new YamlException(Current.Start, Current.End, "The content is nested too deeply.");
        if (Current is AnchorAlias { Value: var name } && !_anchors.Contains(name))
            throw new YamlException(Current.Start, Current.End, $"'*{name}' refers to an anchor '&{name}' that does not exist before it.");
        if (Current is NodeEvent { Anchor: { IsEmpty: false } anchor })
            _anchors.Add(anchor);
        return true;
    }

    private bool Move()
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            var place = Current?.End ?? Mark.Empty;
            throw new YamlException(place, place, "The content from here on cannot be read.");
        }
    }
}
