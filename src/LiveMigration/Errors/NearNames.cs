namespace LiveMigration.Errors;

/// <summary>Finds the names that a mistyped one may have meant.</summary>
public static class NearNames
{
    private const int Most = 3;

    /// <summary>The names that are near, the nearest first; three at most.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="names">The names that there are.</param>
    public static IReadOnlyList<string> Of(string typed, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return [.. names.Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Distance: Distance(typed.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(near => near.Distance <= (typed.Length + 1) / 3 || near.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .OrderBy(near => near.Distance).ThenBy(near => near.Name, StringComparer.Ordinal)
            .Select(near => near.Name)
            .Take(Most)];
    }

    /// <summary>The question to ask; null when there is nothing near.</summary>
    /// <param name="near">What was near.</param>
    public static string? Ask(IReadOnlyList<string> near) =>
        near is not { Count: > 0 } ? null : $"Did you mean {string.Join(" or ", near.Select(name => $"'{name}'"))}?";

    /// <summary>Letters to insert, delete, replace or swap with the next one.</summary>
    private static int Distance(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= other.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[one.Length, other.Length];
    }
}
