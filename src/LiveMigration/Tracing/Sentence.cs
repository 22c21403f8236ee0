using System.Globalization;
using System.Runtime.CompilerServices;

namespace LiveMigration.Tracing;

/// <summary>A sentence that is put together only when somebody listens.</summary>
[InterpolatedStringHandler]
internal ref struct Sentence
{
    private DefaultInterpolatedStringHandler _text;

    public Sentence(int literalLength, int formattedCount, out bool isHeard)
    {
        IsHeard = isHeard = Tracer.IsHeard;
        if (isHeard)
            _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);
    }

    internal bool IsHeard { get; }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    internal string Take() => _text.ToStringAndClear();
}
