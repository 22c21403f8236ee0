using System.Globalization;
using System.Management.Automation;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Binding;

/// <summary>
/// Reads a unit from what a prompt gives: a string, a number, a <see cref="TimeSpan"/>. PowerShell takes <c>100MB</c> and <c>5s</c> for
/// numbers; typed after a parameter they still have their text, which is read, and out of a variable they have lost it.
/// What a number without a unit means is each parameter's own; where nobody could be sure, a unit is demanded.
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
                IConvertible and not Enum and not DateTime and not bool => parse(LanguagePrimitives.ConvertTo<string>(inputData)),
                _ => inputData,
            };
        }
        catch (FormatException error)
        {
            throw new ArgumentTransformationMetadataException(error.Message, error);
        }
    }

}

/// <summary>Reads a <see cref="Bandwidth"/>; a number is in MiB/s, as in virsh, and one that no network has is refused: it was meant in bytes.</summary>
internal sealed class BandwidthTransformationAttribute() : UnitTransformationAttribute(text => Bandwidth.Parse(text));

/// <summary>Reads a <see cref="Duration"/> whose number may be meant in seconds or in milliseconds: a unit is demanded.</summary>
internal sealed class DurationTransformationAttribute() : UnitTransformationAttribute(text => Duration.Parse(text));

/// <summary>Reads a <see cref="Duration"/>; a number is in seconds, as with PowerShell's own <c>-Timeout</c>.</summary>
internal sealed class SecondsTransformationAttribute() : UnitTransformationAttribute(text => Duration.Parse(text, PlainNumber.Seconds));

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
