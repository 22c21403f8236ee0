using LiveMigration.Hypervisors;
using LiveMigration.Migration;

namespace LiveMigration.Tests.Migration;

/// <summary>A setup that writes down what is asked of it and wakes the guest where the real one does.</summary>
internal sealed class RecordingSetup(ScriptedDriver driver) : IMigrationSetup
{
    internal List<string> Steps { get; } = [];

    /// <summary>Whether what belongs to a guest that stayed was put back while the source still sent it.</summary>
    internal bool PutBackUnderWay { get; private set; }

    internal Func<Task> Making { get; set; } = () => Task.CompletedTask;

    /// <summary>What happens when something is put back.</summary>
    internal Action PuttingBack { get; set; } = () => { };

    /// <summary>How long the guest was paused, as it was told.</summary>
    internal TimeSpan? Pause { get; private set; }

    public Task MakeAsync()
    {
        Steps.Add("make");
        return Making();
    }

    public Task LeaveAsync()
    {
        Steps.Add("leave");
        return Task.CompletedTask;
    }

    public Task PutBackAsync(OutcomeProbe outcome, bool suspended, bool lostTouch)
    {
        Steps.Add($"put back ({outcome.Verdict})");
        PutBackUnderWay |= outcome.Verdict is MigrationVerdict.Stayed or MigrationVerdict.StayedPaused && driver.IsUnderWay;
        // The order to resume goes to a host that answers: it is carried out on the guest as it is by then.
        if ((outcome.Verdict is MigrationVerdict.StayedPaused || (suspended && outcome.Source is { IsReachable: true, IsExecuting: false }))
            && outcome.Verdict is MigrationVerdict.StayedPaused or MigrationVerdict.Stayed && driver.Source.IsActive)
            driver.Source = ScriptedDriver.Running;
        PuttingBack();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<VerifiedFact>> VerifyAsync(OutcomeProbe outcome, bool reported, TimeSpan? pause)
    {
        Steps.Add($"verify ({outcome.Destination})");
        Pause = pause;
        return Task.FromResult<IReadOnlyList<VerifiedFact>>([]);
    }

    public void Dispose() => Steps.Add("dispose");
}
