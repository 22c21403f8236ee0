using System.Diagnostics.Metrics;

namespace LiveMigration.Benchmarks.Auditing;

/// <summary>Counts what readiness asks of hosts.</summary>
internal sealed class QuestionCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    internal QuestionCount()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "livemigration.readiness.questions")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, number, _, _) => Interlocked.Add(ref _count, number));
        _listener.Start();
    }

    internal long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
