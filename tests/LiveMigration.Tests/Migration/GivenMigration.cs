using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using Microsoft.Extensions.Time.Testing;

namespace LiveMigration.Tests.Migration;

/// <summary>A migration under the engine, with scripted hosts, in virtual time.</summary>
internal sealed class GivenMigration
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>No longer than this is nobody asked anything.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    /// <summary>More than any patience of the engine, one after the other.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    private readonly FakeTimeProvider _time = new();

    internal GivenMigration(MigrationOptions? options = null, bool foreign = false, ConvergencePolicy? policy = null)
    {
        Run = new MigrationRun(Given.Domain(), Given.Host("b"), options ?? MigrationOptions.Default, MigrationMode.PeerToPeer, foreign, policy, _time);
        Driver = new ScriptedDriver(Run);
        Setup = new RecordingSetup(Driver);
    }

    internal MigrationRun Run { get; }

    internal ScriptedDriver Driver { get; }

    internal RecordingSetup Setup { get; }

    /// <summary>What is done as it begins.</summary>
    internal Action Begun { get; set; } = () => { };

    /// <summary>Carries it out to its end.</summary>
    internal Task<MigrationResult> ExecuteAsync(bool rejoins = false) => EndAsync(new MigrationExecutor(Run, Driver, Setup, rejoins).RunAsync);

    /// <summary>The same, and only where it ended.</summary>
    internal async Task<(MigrationOutcome Outcome, MigrationVerdict Verdict)> OutcomeAsync()
    {
        var result = await ExecuteAsync();
        return (result.Outcome, result.Verdict);
    }

    /// <summary>Watches it to its end, as what another tool started.</summary>
    internal Task<MigrationResult> ObserveAsync() => EndAsync(new ObservedMigration(Run, Driver).RunAsync);

    // Without the test's context: what a timer wakes then runs before the time goes on, mostly.
    private Task<MigrationResult> EndAsync(Func<Task<MigrationResult>> work) => Task.Run(async () =>
    {
        Run.Begin(Driver, work);
        Begun();
        var ended = Run.Completion.WaitAsync(CancellationToken.None);
        var (questions, askedAt) = (0, TimeSpan.Zero);
        for (var elapsed = TimeSpan.Zero; !ended.IsCompleted; elapsed += Tick)
        {
            Assert.True(elapsed < Longest, $"It never ends. {Run.Source}: {Driver.Source}; {Run.Destination}: {Driver.Destination}; orders: {string.Join(", ", Driver.Orders)}");
            // The rest is waited for: an engine at work asks its hosts all the time, and one that does not was not given the processor.
            for (var waited = 0; elapsed - askedAt >= Quiet && Driver.Questions == questions && !ended.IsCompleted && waited < 20; waited++)
                await Task.Delay(1);
            if (Driver.Questions != questions)
                (questions, askedAt) = (Driver.Questions, elapsed);
            await Task.Yield();
            _time.Advance(Tick);
        }

        return await ended;
    });
}
