using System.Diagnostics.Metrics;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Tests.Migration;
using LiveMigration.Tracing;

namespace LiveMigration.Tests.Metrics;

/// <summary>What OpenTelemetry hears of the migrations of this process.</summary>
public sealed class MigrationMeterTests
{
    /// <summary>Other tests migrate beside this one: what counts is what is heard in this flow of control.</summary>
    private static readonly AsyncLocal<bool> Ours = new();

    [Fact]
    public async Task A_migration_is_counted_when_it_ends_and_seen_while_it_runs()
    {
        var heard = new List<string>();
        double? remaining = null;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => { if (instrument.Meter.Name == "LiveMigration") listening.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (instrument.Name == MigrationMetrics.Remaining.Name)
                remaining = Math.Max(remaining ?? 0, value);
            else if (instrument is Histogram<double>)
                Hear(instrument, value, tags);
        });
        listener.Start();
        Ours.Value = true;
        var given = new GivenMigration();
        given.Run.Progressed += (_, progress) => { if (progress.Remaining > 0 && remaining is null) listener.RecordObservableInstruments(); };
        given.Driver.Script = _ => given.Driver.Send(completesAfter: 10);
        var result = await given.ExecuteAsync();

        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        Assert.Contains("livemigration.migrations 1 outcome=completed source=a destination=b mode=peer_to_peer", heard);
        Assert.Contains("livemigration.migration.downtime 0.2 post_copy=false", heard);
        Assert.Contains(heard, line => line.StartsWith("livemigration.migration.duration 1", StringComparison.Ordinal));
        Assert.Equal(MigrationMode.PeerToPeer, result.Mode);
        Assert.True(remaining > 0);

        void Hear<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (!Ours.Value)
                return;
            var text = FormattableString.Invariant($"{instrument.Name} {value}");
            foreach (var tag in tags)
                text += $" {tag.Key}={tag.Value}";
            lock (heard)
                heard.Add(text);
        }
    }

    [Fact]
    public async Task A_listener_that_fails_changes_no_migration()
    {
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => { if (instrument.Meter.Name == "LiveMigration") listening.EnableMeasurementEvents(instrument); } };
        var heard = 0;
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => Fail());
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Fail());
        listener.Start();
        Ours.Value = true;
        var given = new GivenMigration();
        given.Driver.Script = _ => given.Driver.Send(completesAfter: 10);
        Assert.Equal(MigrationOutcome.Completed, (await given.ExecuteAsync()).Outcome);
        Assert.True(heard > 1);

        void Fail()
        {
            if (!Ours.Value)
                return;
            heard++;
            throw new InvalidOperationException("the listener's");
        }
    }

    [Fact]
    public void Every_metric_has_a_name_of_its_own_and_a_sentence()
    {
        Assert.Equal(MigrationMetrics.All.Count, MigrationMetrics.All.Select(metric => metric.PrometheusName).Distinct().Count());
        Assert.All(MigrationMetrics.All, metric => Assert.Matches("^[A-Z].+\\.$", metric.Description));
        Assert.Equal("livemigration_migration_dirty_rate_bytes_per_second", MigrationMetrics.DirtyRate.PrometheusName);
        Assert.Equal("livemigration_transferred_bytes_total", MigrationMetrics.Transferred.PrometheusName);
    }
}
