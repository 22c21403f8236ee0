using System.Globalization;

namespace LiveMigration.Readiness;

/// <summary>The readiness policy of a site: severities, thresholds and waivers.</summary>
public sealed record ReadinessPolicy
{
    /// <summary>Every check as it is.</summary>
    public static readonly ReadinessPolicy Default = new();

    /// <summary>Severity by the id of the check, where it is another than the check's own.</summary>
    public IReadOnlyDictionary<string, CheckSeverity> Severities { get; init; } = new Dictionary<string, CheckSeverity>();

    /// <summary>The thresholds.</summary>
    public ReadinessThresholds Thresholds { get; init; } = ReadinessThresholds.Default;

    /// <summary>Which VMs belong on one host, and which do not.</summary>
    public ReadinessPlacement Placement { get; init; } = ReadinessPlacement.None;

    /// <summary>The waivers.</summary>
    public IReadOnlyList<ReadinessWaiver> Waivers { get; init; } = [];

    internal CheckSeverity? SeverityOf(string id) => Severities.TryGetValue(id, out var severity) ? severity : null;

    /// <summary>The finding as it counts on that day for that VM.</summary>
    internal ReadinessFinding Apply(ReadinessFinding finding, string domain, string destination, DateOnly today)
    {
        if (finding.Status is CheckStatus.Pass or CheckStatus.Skipped)
            return finding;
        var waivers = Waivers.Where(waiver => waiver.IsFor(finding, domain, destination)).ToArray();
        if (waivers.FirstOrDefault(waiver => waiver.Until >= today) is { } waiver)
        {
            return finding with
            {
                Status = finding.Status is CheckStatus.Fail ? CheckStatus.Warning : finding.Status,
                Blocks = false,
                WaivedBecause = $"{waiver.Reason} (until {Day(waiver)})",
            };
        }

        return waivers is [var expired, ..]
            ? finding with { Evidence = $"{finding.Evidence} Its waiver expired on {Day(expired)}." }
            : finding;
    }

    private static string Day(ReadinessWaiver waiver) => waiver.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
