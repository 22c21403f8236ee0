namespace LiveMigration.Units;

/// <summary>What a number without a unit means where a time is expected.</summary>
public enum PlainNumber
{
    /// <summary>Nothing: seconds and milliseconds are both usual there, and one must not be taken for the other.</summary>
    NeedsUnit,

    /// <summary>Seconds, as with PowerShell's own <c>-Timeout</c>.</summary>
    Seconds,
}
