using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Migration;
using LiveMigration.Migration.History;
using LiveMigration.State;
using LiveMigration.Tracing;

namespace LiveMigration.Metrics;

/// <summary>
/// All metrics at one moment: of every migration that the user's processes ever wrote down, of the evacuations on record, and of the migrations
/// that this process runs or watches now.
/// </summary>
public sealed class MetricSnapshot
{
    private readonly List<MetricSample> _samples = [];

    private MetricSnapshot()
    {
    }

    /// <summary>The samples, in the order of the metrics and of their labels.</summary>
    internal IEnumerable<MetricSample> Samples => _samples
        .OrderBy(sample => MigrationMetrics.All.Select((metric, at) => (metric, at)).First(one => one.metric == sample.Metric).at)
        .ThenBy(sample => sample.Labels.Text, StringComparer.Ordinal);

    /// <summary>Takes one.</summary>
    /// <param name="state">The state folder, which has the history and the evacuations.</param>
    /// <param name="hosts">The hosts that were asked for their migrations, and whether they answered.</param>
    /// <exception cref="IOException">The history cannot be read.</exception>
    public static MetricSnapshot Take(StateStore state, IReadOnlyDictionary<string, bool> hosts)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(hosts);
        var snapshot = new MetricSnapshot();
        snapshot.AddHistory(new MigrationHistory(state));
        snapshot.AddRunning([.. MigrationRuns.Current.Where(run => !run.Completion.IsCompleted)]);
        snapshot.AddEvacuations(state);
        foreach (var (host, answers) in hosts)
            snapshot.Add(MigrationMetrics.HostUp, answers ? 1 : 0, ("host", host));
        snapshot.Add(MigrationMetrics.Build, 1, ("version", MigrationTracing.Version));
        return snapshot;
    }

    /// <summary>In Prometheus' text format.</summary>
    public string ToPrometheus() => PrometheusText.Write(Samples);

    private void AddHistory(MigrationHistory history)
    {
        var (records, totals) = history.Sum();
        _samples.AddRange(totals.Counts.Select(one => new MetricSample(one.Metric, one.Labels, one.Value)));
        _samples.AddRange(totals.Times.Select(one => new MetricSample(one.Metric, one.Labels, one.Value.Milliseconds / 1000.0, one.Value)));
        foreach (var outcome in records.GroupBy(record => record.Outcome))
            Add(MigrationMetrics.LastEnd, outcome.Max(record => (record.StartTime + record.TotalTime).ToUnixTimeMilliseconds()) / 1000.0, ("outcome", MetricLabels.Word(outcome.Key)));
    }

    private void AddRunning(IReadOnlyList<MigrationRun> runs)
    {
        Add(MigrationMetrics.Running, runs.Count);
        // The same VM from the same host to the same one is one series, however many watch it.
        foreach (var one in runs.SelectMany(RunGauges.Of).DistinctBy(one => (one.Metric, one.Labels)))
            _samples.Add(new MetricSample(one.Metric, one.Labels, one.Value));
    }

    private void AddEvacuations(StateStore state)
    {
        var evacuations = new HostEvacuations(state);
        var ids = evacuations.Ids;
        _samples.Add(new MetricSample(MigrationMetrics.EvacuationsStarted, MetricLabels.None, ids.Union(new RemovedEvacuations(state).Ids).Count()));
        var states = Enum.GetValues<EvacuationState>().ToDictionary(MetricLabels.Word, _ => 0);
        states["damaged"] = 0;
        foreach (var id in ids)
        {
            try
            {
                var evacuation = evacuations.Get(id);
                states[MetricLabels.Word(evacuation.State)]++;
                if (evacuation.State is EvacuationState.Running or EvacuationState.Interrupted)
                    AddVMs(evacuation);
            }
            catch (LiveMigrationException error) when (error.Fault == Faults.EvacuationNotFound)
            {
                // It was removed just now.
            }
            catch (LiveMigrationException)
            {
                states["damaged"]++;
            }
        }

        foreach (var (name, count) in states)
            Add(MigrationMetrics.Evacuations, count, ("state", name));
    }

    private void AddVMs(HostEvacuation evacuation)
    {
        foreach (var state in Enum.GetValues<EvacuatedState>())
            Add(MigrationMetrics.EvacuationVMs, evacuation.Domains.Count(domain => domain.State == state), ("evacuation", evacuation.Id), ("state", MetricLabels.Word(state)));
    }

    private void Add(Metric metric, double value, params (string Name, string? Value)[] labels) =>
        _samples.Add(new MetricSample(metric, labels.Length == 0 ? MetricLabels.None : MetricLabels.Of(labels), value));
}
