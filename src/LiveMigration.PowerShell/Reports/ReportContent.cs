using LiveMigration.Errors;
using LiveMigration.Forecasting;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Reports;

/// <summary>What one report consists of, and how it is written in each format.</summary>
/// <param name="Title">The title where none is given.</param>
/// <param name="Page">By its title, as HTML.</param>
/// <param name="Json">By its title, as JSON.</param>
/// <param name="Csv">As CSV.</param>
internal sealed record ReportContent(string Title, Func<string, string> Page, Func<string, string> Json, Func<string> Csv)
{
    /// <summary>All sources in one report, which can be of one kind only.</summary>
    /// <exception cref="LiveMigrationException">They are of several kinds.</exception>
    internal static ReportContent Of(IReadOnlyList<ReportSource> sources)
    {
        var (reports, stories, forecasts) = (All(source => source.Readiness), All(source => source.Evacuation), All(source => source.Forecast));
        if (stories.Length == 0 && sources.Any(source => source is { Readiness: null, Forecast: null }))
            throw new LiveMigrationException(CmdletFaults.ReportMixed, "Parts of an evacuation cannot be exported without the evacuation itself.");
        return (reports.Length, stories.Length, forecasts.Length) switch
        {
            (_, 0, 0) => OfReadiness(reports),
            (0, _, 0) => OfEvacuations(stories),
            (0, 0, _) => OfForecasts(forecasts),
            _ => throw new LiveMigrationException(CmdletFaults.ReportMixed, "Readiness reports, evacuations and forecasts cannot be exported to the same report."),
        };

        T[] All<T>(Func<ReportSource, T?> part)
            where T : class => [.. sources.Select(part).OfType<T>()];
    }

    private static ReportContent OfReadiness(ReadinessReport[] reports) => new(
        "Migration readiness", title => ReadinessPage.Write(title, reports), title => ReadinessJson.Write(title, reports), () => ReadinessCsv.Write(reports));

    private static ReportContent OfEvacuations(EvacuationStory[] stories) => new(
        stories.Length == 1 ? stories[0].Title : "Evacuations",
        title => EvacuationPage.Write(title, stories), title => EvacuationJson.Write(title, stories), () => EvacuationCsv.Write(stories));

    private static ReportContent OfForecasts(MigrationForecast[] forecasts) => new(
        "Migration forecast", title => ForecastPage.Write(title, forecasts), title => ForecastJson.Write(title, forecasts), () => ForecastCsv.Write(forecasts));
}
