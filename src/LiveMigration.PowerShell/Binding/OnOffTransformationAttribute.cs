using System.Management.Automation;

namespace LiveMigration.PowerShell.Binding;

/// <summary>Reads <c>on</c> and <c>off</c>, as QEMU's monitor and virsh write them, beside what PowerShell takes for a truth.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OnOffTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string typed ? inputData : typed.Trim().ToUpperInvariant() switch
        {
            "ON" or "TRUE" or "YES" => true,
            "OFF" or "FALSE" or "NO" => false,
            _ => throw new ArgumentTransformationMetadataException($"'{typed}' is neither on nor off."),
        };
}
