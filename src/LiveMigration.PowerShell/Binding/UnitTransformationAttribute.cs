using System.Globalization;
using System.Management.Automation;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Binding;

/// <summary>
/// Reads a unit from what a prompt gives: a string, a number, a <see cref="TimeSpan"/>. PowerShell takes <c>100MB</c> and <c>5s</c> for
/// numbers; typed after a parameter they still have their text, which is read, and out of a variable they have lost it.
/// </summary>
internal abstract class UnitTransformationAttribute(Func<string, object> parse) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return value switch
            {
                string typed => parse(typed),
                object?[] several => Array.ConvertAll(several, one => Transform(engineIntrinsics, one)),
                TimeSpan span => parse(span.ToString("c", CultureInfo.InvariantCulture)),
                IConvertible and not Enum and not DateTime and not bool => ReadNumber(LanguagePrimitives.ConvertTo<string>(inputData), value),
                _ => inputData,
            };
        }
        catch (FormatException error)
        {
            throw new ArgumentTransformationMetadataException(error.Message, error);
        }
    }

    /// <summary>What keeps a number from being what was meant; null when it is fine.</summary>
    private protected abstract string? Doubt(object number);

    private object ReadNumber(string text, object number) =>
        !text.Any(char.IsAsciiLetter) && Doubt(number) is { } doubt ? throw new FormatException(doubt) : parse(text);
}

/// <summary>Reads a <see cref="Bandwidth"/>.</summary>
internal sealed class BandwidthTransformationAttribute() : UnitTransformationAttribute(text => Bandwidth.Parse(text))
{
    private const double TooMuch = 1024 * 1024;

    /// <inheritdoc/>
    private protected override string? Doubt(object number) => Convert.ToDouble(number, CultureInfo.InvariantCulture) >= TooMuch
        ? $"A plain number is in MiB/s, and {number} would be more than 1 TiB/s. Write the unit, in quotes: '512MB/s'."
        : null;
}

/// <summary>Reads a <see cref="Duration"/>.</summary>
internal sealed class DurationTransformationAttribute() : UnitTransformationAttribute(text => Duration.Parse(text))
{
    /// <inheritdoc/>
    private protected override string? Doubt(object number) => number is short
        ? $"PowerShell took what you wrote, perhaps {number}s, for the number {number}, which would be milliseconds. Write it in quotes: '{number}s'."
        : null;
}

/// <summary>Reads a <see cref="ByteSize"/>; a number is in bytes, and PowerShell's own <c>64MB</c> is what PowerShell means by it.</summary>
internal sealed class SizeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            return (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
            {
                string typed => ByteSize.Parse(typed),
                IConvertible and not Enum and not DateTime and not bool and var number => new ByteSize(Convert.ToInt64(number, CultureInfo.InvariantCulture)),
                _ => inputData,
            };
        }
        catch (FormatException error)
        {
            throw new ArgumentTransformationMetadataException(error.Message, error);
        }
    }
}
