using System.Diagnostics;
using LiveMigration.Tracing;

namespace LiveMigration.Tests.Hosts;

/// <summary>Keeps the thread of a native call, begun by this test, just before the call until it is released: for its caller the host does not answer in time.</summary>
internal sealed class StalledCall : IDisposable
{
    private static readonly AsyncLocal<StalledCall?> Mine = new();

    private readonly ManualResetEventSlim _released = new();
    private readonly ActivityListener _listener;
    private int _begun;
    private int _ended;

    /// <param name="function">For example <c>virStorageVolCreateXML</c>; only its first call is kept.</param>
    internal StalledCall(string function)
    {
        Mine.Value = this;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MigrationTracing.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> call) => Mine.Value == this && call.Name == function ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStarted = call =>
            {
                if (Mine.Value == this && call.OperationName == function && Interlocked.Increment(ref _begun) == 1)
                    _released.Wait(TimeSpan.FromMinutes(1));
            },
            ActivityStopped = call =>
            {
                if (Mine.Value == this && call.OperationName == function)
                    Interlocked.Increment(ref _ended);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>How many of these calls have returned.</summary>
    internal int Ended => _ended;

    internal void Release() => _released.Set();

    public void Dispose()
    {
        Release();
        _listener.Dispose();
    }
}
