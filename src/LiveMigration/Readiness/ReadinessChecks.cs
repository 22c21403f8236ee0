namespace LiveMigration.Readiness;

/// <summary>All checks that there are, in the order of their ids.</summary>
internal static class ReadinessChecks
{
    /// <summary>Found, not listed: a new check is one new file.</summary>
    internal static IReadOnlyList<ReadinessCheck> All { get; } =
    [
        .. typeof(ReadinessCheck).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(ReadinessCheck)))
            .Select(type => (ReadinessCheck)Activator.CreateInstance(type, nonPublic: true)!)
            .OrderBy(check => check.Id, StringComparer.Ordinal),
    ];
}
