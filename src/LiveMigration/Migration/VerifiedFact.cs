namespace LiveMigration.Migration;

/// <summary>One thing that was looked at after the migration.</summary>
/// <param name="What">What should be so.</param>
/// <param name="IsTrue">Whether it is.</param>
/// <param name="Found">What was found.</param>
public sealed record VerifiedFact(string What, bool IsTrue, string Found)
{
    /// <summary>For example <c>runs on b: Running (migrated)</c>.</summary>
    public override string ToString() => $"{(IsTrue ? "yes" : "NO")}: {What} ({Found})";
}
