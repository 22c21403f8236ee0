using System.Globalization;
using System.Management.Automation;

namespace LiveMigration.PowerShell.Binding;

/// <summary>
/// Numbers and times as the text that was typed: PowerShell takes <c>5s</c> and <c>007</c> for numbers, and only here still knows how they
/// were written.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TypedTextTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            object?[] several => Array.ConvertAll(several, one => Transform(engineIntrinsics, one)),
            TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
            IConvertible and not (string or Enum or bool or DateTime or DBNull) => LanguagePrimitives.ConvertTo<string>(inputData),
            _ => inputData,
        };
}
