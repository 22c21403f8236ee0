using System.Globalization;

namespace LiveMigration.Streams;

/// <summary>Something in a stream that should not be so.</summary>
/// <param name="Offset">Where, in bytes from the start of the file; of the decompressed stream where the file is compressed.</param>
/// <param name="What">What is wrong, as a sentence.</param>
public sealed record StreamDamage(long Offset, string What)
{
    /// <summary>Offset and sentence.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Offset}: {What}");
}
