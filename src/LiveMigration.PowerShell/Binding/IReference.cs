namespace LiveMigration.PowerShell.Binding;

/// <summary>What a user names something by.</summary>
internal interface IReference
{
    /// <summary>What was given; empty for an empty cell of a file, or a variable that holds nothing.</summary>
    string Text { get; }
}
