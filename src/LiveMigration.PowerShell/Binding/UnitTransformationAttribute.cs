using System.Globalization;
using System.Management.Automation;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Binding;

/// <summary>
/// Reads a unit from what a prompt gives: a string, a number, a <see cref="TimeSpan"/>. A number is taken as it was typed, so that
/// <c>100MB</c>, which PowerShell takes for a number, keeps its unit.
/// </summary>
internal abstract class UnitTransformationAttribute(Func<string, object> parse) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var text = value switch
        {
            string typed => typed,
            IConvertible and not Enum and not DateTime and not bool => LanguagePrimitives.ConvertTo<string>(inputData),
            TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
            _ => null,
        };
        try
        {
            return text is null ? inputData : parse(text);
        }
        catch (FormatException error)
        {
            throw new ArgumentTransformationMetadataException(error.Message, error);
        }
    }
}

/// <summary>Reads a <see cref="Bandwidth"/>.</summary>
internal sealed class BandwidthTransformationAttribute() : UnitTransformationAttribute(text => Bandwidth.Parse(text));

/// <summary>Reads a <see cref="Duration"/>.</summary>
internal sealed class DurationTransformationAttribute() : UnitTransformationAttribute(text => Duration.Parse(text));
