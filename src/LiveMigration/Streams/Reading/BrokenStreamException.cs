using System.Diagnostics.CodeAnalysis;

namespace LiveMigration.Streams.Reading;

/// <summary>The stream cannot be followed from here on. It ends the walk and becomes a <see cref="StreamDamage"/>; no caller of the library sees it.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It always has an offset.")]
internal sealed class BrokenStreamException(long offset, string what) : Exception(what)
{
    /// <summary>Where, in bytes from the start of the stream.</summary>
    internal long Offset => offset;
}
