using System.Management.Automation;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Binding;

/// <summary>Refuses a time of 0, and one that is shorter than what the parameter can mean.</summary>
internal sealed class ShortestTimeAttribute(int seconds = 0) : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        if (element is Duration time && (time.Value <= TimeSpan.Zero || time.Value < TimeSpan.FromSeconds(seconds)))
            throw new ValidationMetadataException(seconds > 0 ? $"It must be at least {seconds} s." : "It must be more than 0.");
    }
}
