using System.Globalization;
using System.Management.Automation;

namespace LiveMigration.PowerShell.Binding;

/// <summary>The properties of an object that came from anywhere: a row of a CSV file, JSON, what a job sent back.</summary>
internal sealed class RecordProperties(object record)
{
    private readonly PSMemberInfoCollection<PSPropertyInfo> _properties = PSObject.AsPSObject(record).Properties;

    /// <summary>The first of these properties that holds something, as text; null when none does.</summary>
    internal string? this[params string[] names] => names.Select(Read).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    private string? Read(string name)
    {
        try
        {
            return _properties[name]?.Value switch
            {
                null => null,
                // A URI or a time that came out of JSON is an object of its parts.
                PSObject { BaseObject: PSCustomObject } parts => parts.Properties["Text"]?.Value?.ToString() ?? parts.Properties["Name"]?.Value?.ToString()
                    ?? (parts.Properties["Ticks"]?.Value is long ticks ? new TimeSpan(ticks).ToString("c", CultureInfo.InvariantCulture) : null),
                var value => value.ToString(),
            };
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
