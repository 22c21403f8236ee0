using System.IO.Enumeration;

namespace LiveMigration.Readiness;

/// <summary>Which checks are wanted.</summary>
public sealed record ReadinessSelection
{
    /// <summary>Every check.</summary>
    public static readonly ReadinessSelection All = new();

    /// <summary>The ids that there are.</summary>
    public static IReadOnlyList<string> Ids { get; } = ReadinessChecks.Named.Select(check => check.Id).ToArray();

    /// <summary>The names that there are, in the order of the ids: <c>CacheModeSafe</c> for LM079.</summary>
    public static IReadOnlyList<string> Names { get; } = ReadinessChecks.Named.Select(check => check.Name).ToArray();

    /// <summary>What the check with this id wants to hold.</summary>
    /// <param name="id">One of <see cref="Ids"/>.</param>
    public static string TitleOf(string id) => ReadinessChecks.Named.Single(check => check.Id == id).Title;

    /// <summary>Ids or names, with wildcards; all when empty.</summary>
    public IReadOnlyList<string> Checks { get; init; } = [];

    /// <summary>Ids or names to leave out, with wildcards.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>Categories; all when empty.</summary>
    public IReadOnlyList<CheckCategory> Categories { get; init; } = [];

    /// <summary>Those of the given ids, names and patterns that mean no check.</summary>
    public IReadOnlyList<string> Strangers => StrangersIn(Checks.Concat(Excluded));

    /// <summary>Those of some ids, names and patterns that mean no check.</summary>
    /// <param name="patterns">The ids, names and patterns.</param>
    public static IReadOnlyList<string> StrangersIn(IEnumerable<string> patterns) =>
        [.. patterns.Where(pattern => !ReadinessChecks.Named.Any(check => Matches(pattern, check)))];

    /// <summary>Only what would end a migration, or do harm.</summary>
    public bool BlockersOnly { get; init; }

    /// <summary>All that would end a migration, but what is skipped; null when that is everything.</summary>
    /// <param name="skipped">Ids or names, with wildcards.</param>
    public static ReadinessSelection? BlockersBut(IReadOnlyList<string> skipped)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        return skipped.Contains("*") ? null : new ReadinessSelection { BlockersOnly = true, Excluded = skipped };
    }

    internal bool Wants(Check check) =>
        (!BlockersOnly || check.Severity is CheckSeverity.Blocker)
        && (Checks.Count == 0 || Checks.Any(pattern => Matches(pattern, check)))
        && !Excluded.Any(pattern => Matches(pattern, check))
        && (Categories.Count == 0 || Categories.Contains(check.Category));

    private static bool Matches(string pattern, Check check) =>
        FileSystemName.MatchesSimpleExpression(pattern, check.Id) || FileSystemName.MatchesSimpleExpression(pattern, check.Name);
}
