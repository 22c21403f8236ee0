using LiveMigration.Readiness;

namespace LiveMigration.Tests.Readiness;

/// <summary>One row: spoiled in this way, the check says that, and why.</summary>
internal sealed record CheckRow(string Id, CheckStatus Status, Func<ReadinessFacts, ReadinessFacts> Spoil, string Says)
{
    public override string ToString() => $"{Id} {Status} {Says}";
}

/// <summary>What every table of checks is held to. That the ready VM passes is in none of them: <see cref="ReadinessChecksTests"/>.</summary>
internal static class CheckTable
{
    public static void Holds(IEnumerable<CheckRow> rows)
    {
        var wrong = rows.Select(row => (row, findings: Run(row)))
            .Where(tried => !tried.findings.Any(finding => finding.Status == tried.row.Status && Text(finding).Contains(tried.row.Says, StringComparison.Ordinal)))
            .Select(tried => $"{tried.row}\n   but: {string.Join("\n        ", tried.findings.Select(Text))}")
            .ToArray();
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private static IReadOnlyList<ReadinessFinding> Run(CheckRow row)
    {
        var check = ReadinessChecks.All.Single(check => check.Id == row.Id);
        return check.Run(row.Spoil(GivenReadiness.Ready));
    }

    private static string Text(ReadinessFinding finding) => $"{finding} | {finding.Fix}";
}
