using System.Text.Json;
using System.Text.RegularExpressions;
using LiveMigration.Errors;
using LiveMigration.Metrics;
using LiveMigration.Migration;
using LiveMigration.Migration.History;
using LiveMigration.Planning;
using LiveMigration.State;
using LiveMigration.Tests.Migration;
using LiveMigration.Tests.State;
using LiveMigration.Tracing;

namespace LiveMigration.Tests.Metrics;

/// <summary>M8: what Prometheus is told of all migrations is right, and goes on when the history is shortened.</summary>
public sealed partial class MetricSnapshotTests : IDisposable
{
    private const string Moved = "livemigration_migrations_total{outcome=\"completed\",source=\"a\",destination=\"b\",mode=\"peer_to_peer\"}";

    private readonly GivenState _state = new();

    private MigrationHistory History => new(_state.Store);

    public void Dispose() => _state.Dispose();

    [Fact]
    public void Migrations_of_the_history_are_counted_summed_and_distributed()
    {
        Add(Result());
        Add(Result() with { Downtime = TimeSpan.FromMilliseconds(100), PostCopy = true, TotalTime = TimeSpan.FromSeconds(10) });
        Add(Result() with { Outcome = MigrationOutcome.Failed, Fault = Faults.Timeout, Error = "late", Downtime = null, Destination = null });
        Add(Result() with { Outcome = MigrationOutcome.Cancelled, Downtime = null, Transferred = null, Mode = MigrationMode.Direct });

        var metrics = Take();

        Assert.Equal(2, metrics[Moved]);
        Assert.Equal(1, metrics["livemigration_migrations_total{outcome=\"failed\",source=\"a\",destination=\"unknown\",mode=\"peer_to_peer\"}"]);
        Assert.Equal(1, metrics["livemigration_migrations_total{outcome=\"cancelled\",source=\"a\",destination=\"b\",mode=\"direct\"}"]);
        Assert.Equal(1, metrics["livemigration_migration_failures_total{error=\"Timeout\"}"]);
        Assert.Equal(246_913_578_024, metrics["livemigration_transferred_bytes_total{source=\"a\",destination=\"b\"}"]);
        Assert.Equal((17, 2, 0, 2), (
            metrics["livemigration_migration_duration_seconds_sum{outcome=\"completed\"}"], metrics["livemigration_migration_duration_seconds_count{outcome=\"completed\"}"],
            metrics["livemigration_migration_duration_seconds_bucket{outcome=\"completed\",le=\"5\"}"], metrics["livemigration_migration_duration_seconds_bucket{outcome=\"completed\",le=\"10\"}"]));
        Assert.Equal((0.215, 1), (metrics["livemigration_migration_downtime_seconds_sum{post_copy=\"false\"}"], metrics["livemigration_migration_downtime_seconds_bucket{post_copy=\"true\",le=\"0.1\"}"]));
    }

    /// <summary>Prometheus takes a counter that becomes smaller for one that was restarted, and would add all of it again.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("""{"history": {"months": 2}}""")]
    [InlineData("""{"history": {"size": "1"}, "evacuations": {"months": 3}}""")]
    public void No_counter_goes_back_when_months_leave_the_history(string? retention)
    {
        Directory.CreateDirectory(_state.Folder);
        if (retention is not null)
            File.WriteAllText(Path.Combine(_state.Folder, "retention.json"), retention);
        var before = new Dictionary<string, double>();
        for (var month = 0; month < 30; month++)
        {
            Add(Result() with { Source = $"host {month % 3}" });
            Add(Result() with { Outcome = MigrationOutcome.Failed, Fault = Faults.Timeout, Downtime = null });
            var now = Take();
            Assert.All(before.Where(series => IsCounter(series.Key)), series => Assert.True(now.GetValueOrDefault(series.Key) >= series.Value, $"{series.Key}: {series.Value}, then {now.GetValueOrDefault(series.Key)}"));
            Assert.Equal(2 * (month + 1), now.Where(series => series.Key.StartsWith("livemigration_migrations_total", StringComparison.Ordinal)).Sum(series => series.Value));
            before = now;
            _state.Clock.Advance(TimeSpan.FromDays(30.5));
        }

        Assert.InRange(History.Read().Count, 2, 58);
        Assert.Equal(30, before["livemigration_migration_downtime_seconds_count{post_copy=\"false\"}"]);
        Assert.Equal(30 * 0.215, before["livemigration_migration_downtime_seconds_sum{post_copy=\"false\"}"], 6);
    }

    [Fact]
    public void Without_a_month_that_cannot_be_read_now_there_is_no_sum()
    {
        Add(Result());
        using (new FileStream(Directory.GetFiles(_state.Folder, "*.journal", SearchOption.AllDirectories).Single(), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Throws<IOException>(() => Take());
            Assert.Empty(History.Read());
        }

        Assert.Equal(1, Take()[Moved]);
    }

    /// <summary>Between the totals and the removal the power may fail.</summary>
    [Fact]
    public void A_month_that_is_there_and_summed_up_counts_once()
    {
        Add(Result());
        var totals = new MetricTotals();
        totals.Count(MigrationMetrics.Migrations, 5, MetricLabels.Of(("outcome", "completed"), ("source", "a"), ("destination", "b"), ("mode", "peer_to_peer")));
        Assert.True(new PrunedHistory(_state.Store).TryAdd("2026-12", totals));
        Assert.Equal(1, Take()[Moved]);
        Assert.True(new PrunedHistory(_state.Store).TryAdd("2024-01", totals));
        Assert.True(new PrunedHistory(_state.Store).TryAdd("2024-01", totals));
        Assert.Equal(6, Take()[Moved]);
    }

    /// <summary>Its own process writes it down a moment after one that watched; until that is certain, neither was counted twice nor one taken back.</summary>
    [Fact]
    public void What_was_only_watched_counts_when_nobody_else_can_have_written_it_down()
    {
        _state.Clock.Advance(TimeSpan.FromSeconds(7));
        Add(Result() with { StartTime = _state.Clock.GetUtcNow().AddSeconds(-7) }, isForeign: true);
        Assert.Equal(0, Take().GetValueOrDefault(Moved));
        _state.Clock.Advance(MigrationCounting.Settled);
        Assert.Equal(1, Take()[Moved]);
    }

    [Fact]
    public void Labels_are_escaped_and_what_is_written_down_is_read_again()
    {
        const string Name = "a \"b\" \\ c\nd=&%é\ud800 1";
        Add(Result() with { Source = Name });
        var escaped = Take().Keys.Single(series => series.StartsWith("livemigration_transferred", StringComparison.Ordinal));
        Assert.Equal("livemigration_transferred_bytes_total{source=\"a \\\"b\\\" \\\\ c\\nd=&%é\ufffd 1\",destination=\"b\"}", escaped);

        var totals = MigrationCounting.Of(History.Read(), _state.Clock.GetUtcNow());
        Assert.Equal(totals.Write(), MetricTotals.Read(totals.Write()).Write());
    }

    /// <summary>A later version may have other metrics and other bounds.</summary>
    [Fact]
    public void Totals_of_another_version_keep_their_count_and_their_sum()
    {
        var totals = MetricTotals.Read(["livemigration.nosuch x=y 5", "livemigration.migration.duration outcome=failed 9000 0.5=2 7=1 +Inf=1 what", "livemigration.migrations", "livemigration.migrations a=b x"]);
        var times = Assert.Single(totals.Times).Value;
        Assert.Equal((4, 9000), (times.Count, times.Milliseconds));
        Assert.Equal([(1, 2), (2.5, 2), (5, 2), (10, 3)], times.Cumulative.Take(4));
        Assert.Empty(totals.Counts);
    }

    [Fact]
    public void A_counter_that_is_smaller_than_in_the_file_before_is_noticed()
    {
        var earlier = Text();
        Add(Result());
        var later = Text();
        Assert.Empty(PrometheusText.SmallerCounters(earlier, later));
        Assert.Contains($"{Moved} (1, now 0)", PrometheusText.SmallerCounters(later, earlier));
        Assert.Empty(PrometheusText.SmallerCounters("what\nis this\n\n{} x", later));
    }

    [Fact]
    public async Task A_migration_under_way_has_a_series_of_its_own_until_it_ends()
    {
        var given = new GivenMigration();
        Dictionary<string, double>? seen = null;
        IReadOnlyList<(Metric Metric, MetricLabels Labels, double Value)> own = [];
        given.Run.Progressed += (_, progress) =>
        {
            if (progress.Remaining is > 0 && seen is null)
                (seen, own) = (Take(), [.. RunGauges.Of(given.Run)]);
        };
        given.Driver.Script = _ => given.Driver.Send(completesAfter: 10);
        await given.ExecuteAsync();
        // Other tests migrate beside this one.
        Assert.Contains("livemigration_migration_remaining_bytes{vm=\"web\",source=\"a\",destination=\"b\"}", seen!.Keys);
        Assert.True(seen["livemigration_migrations_running"] >= 1);
        Assert.Contains(own, one => one.Metric == MigrationMetrics.Remaining && one.Value > 0 && one.Labels.Text == "vm=web&source=a&destination=b");
        Assert.DoesNotContain(own, one => one.Metric == MigrationMetrics.Throttle);
    }

    /// <summary>Of a host that did not answer nobody knows whether something migrates.</summary>
    [Fact]
    public void Hosts_say_whether_they_answered()
    {
        var metrics = PrometheusFormat.Read(MetricSnapshot.Take(_state.Store, new Dictionary<string, bool> { ["a"] = true, ["b"] = false }).ToPrometheus()).Series;
        Assert.Equal((1, 0), (metrics["livemigration_host_up{host=\"a\"}"], metrics["livemigration_host_up{host=\"b\"}"]));
    }

    [PromtoolFact]
    public async Task Promtool_has_nothing_to_say()
    {
        Add(Result() with { Source = "a \"b\" \\ c\nd" });
        Add(Result() with { Outcome = MigrationOutcome.Failed, Fault = Faults.Timeout });
        Assert.Equal((0, ""), await PromtoolFactAttribute.CheckAsync(Text()));
        Assert.NotEqual(0, (await PromtoolFactAttribute.CheckAsync("# TYPE x counter\nx{ 1\n")).Code);
    }

    /// <summary>Each metric on its own, with values, labels and buckets: also those that nothing here makes.</summary>
    [PromtoolFact]
    public async Task Promtool_accepts_the_name_of_every_metric()
    {
        var text = PrometheusText.Write(MigrationMetrics.All.Select(metric => new MetricSample(metric, MetricLabels.None, 1, metric.Kind is MetricKind.Histogram ? new TimeTotals(metric.Bounds) : null)));
        _ = PrometheusFormat.Read(text);
        Assert.Equal((0, ""), await PromtoolFactAttribute.CheckAsync(text));
    }

    [Fact]
    public void The_topic_lists_every_metric_and_no_other()
    {
        var listed = ListedMetric().Matches(File.ReadAllText(Checkout.PathOf("docs", "about_LiveMigration_Monitoring.md"))).Select(match => match.Value).Distinct();
        Assert.Equal(MigrationMetrics.All.Select(metric => metric.PrometheusName).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_dashboard_shows_metrics_that_exist()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Checkout.PathOf("samples", "monitoring", "grafana-dashboard.json")));
        string[] queries = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.TryGetProperty("targets", out var _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)];
        var exposed = MigrationMetrics.All.SelectMany(metric => metric.Kind is MetricKind.Histogram ? (string[])["_bucket", "_sum", "_count"] : [""], (metric, end) => metric.PrometheusName + end).ToHashSet();

        Assert.InRange(queries.Length, 8, 40);
        Assert.All(queries, query => Assert.Matches("livemigration_", query));
        Assert.All(queries.SelectMany(query => NamedMetric().Matches(query)).Select(match => match.Value), name => Assert.Contains(name, exposed));
        var ids = dashboard.RootElement.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("id").GetInt32()).ToArray();
        Assert.Equal(ids.Distinct(), ids);
    }

    private static bool IsCounter(string series) => series.Contains("_total", StringComparison.Ordinal) || series.Contains("_bucket", StringComparison.Ordinal)
        || series.Contains("_count", StringComparison.Ordinal) || series.Contains("_sum", StringComparison.Ordinal);

    private void Add(MigrationResult result, bool isForeign = false) => Assert.Null(History.TryAdd(result, isForeign));

    private string Text() => MetricSnapshot.Take(_state.Store, new Dictionary<string, bool> { ["kvm1"] = true }).ToPrometheus();

    private Dictionary<string, double> Take() => PrometheusFormat.Read(Text()).Series;

    private MigrationResult Result() => new()
    {
        Name = "web1", Uuid = Guid.NewGuid(), Outcome = MigrationOutcome.Completed, Source = "a", Destination = "b", Verdict = MigrationVerdict.Moved, FinalName = "web1",
        Mode = MigrationMode.PeerToPeer, StartTime = _state.Clock.GetUtcNow(), TotalTime = TimeSpan.FromSeconds(7), Downtime = TimeSpan.FromMilliseconds(215), Transferred = 123_456_789_012,
        Settings = MigrationOptions.Default,
    };

    [GeneratedRegex(@"^livemigration_\w+", RegexOptions.Multiline)]
    private static partial Regex ListedMetric();

    [GeneratedRegex(@"livemigration_\w+")]
    private static partial Regex NamedMetric();
}
