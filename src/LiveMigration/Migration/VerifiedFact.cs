namespace LiveMigration.Migration;

/// <summary>One fact that was verified after the migration.</summary>
/// <param name="What">The expected fact.</param>
/// <param name="IsTrue">Whether it is.</param>
/// <param name="Found">What was found.</param>
public sealed record VerifiedFact(string What, bool IsTrue, string Found)
{
    /// <summary>For example <c>runs on b: Running (migrated)</c>.</summary>
    public override string ToString() => $"{(IsTrue ? "yes" : "NO")}: {What} ({Found})";
}
