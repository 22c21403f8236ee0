using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LiveMigration.PowerShell.Policy;

/// <summary>Refuses text that is nested deeper than any policy: what builds nodes from it would run out of stack.</summary>
internal sealed class ShallowParser(IParser parser) : IParser
{
    private const int Deepest = 20;

    private int _depth;

    public ParsingEvent? Current => parser.Current;

    public bool MoveNext()
    {
        var moved = parser.MoveNext();
        if (moved && (_depth += Current!.NestingIncrease) > Deepest)
            throw new YamlException(Current.Start, Current.End, "Nested too deep.");
        return moved;
    }
}
