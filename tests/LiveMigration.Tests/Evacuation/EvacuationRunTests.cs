using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Tests.State;
using static LiveMigration.Tests.Evacuation.Fleets;

namespace LiveMigration.Tests.Evacuation;

public sealed class EvacuationRunTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GivenState _state = new();

    private EvacuationJournals Journals => new(_state.Store);

    public void Dispose() => _state.Dispose();

    /// <summary>D2: whatever ends an evacuation, who waits for it is told.</summary>
    [Fact]
    public async Task A_journal_that_cannot_be_written_ends_the_evacuation_with_an_error()
    {
        var run = Begin(_ => throw new IOException("No space left on device"));

        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => run.WaitAsync().WaitAsync(Patience));

        Assert.Equal(Faults.JournalNotWritable, error.Fault);
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.False(Journals.IsRunning(run.Id));
    }

    [Fact]
    public async Task A_journal_that_is_gone_at_the_end_is_an_error_too()
    {
        var run = Begin(run =>
        {
            File.Delete(Journals.File(run.Id));
            return Task.CompletedTask;
        });

        Assert.Equal(Faults.EvacuationNotFound, (await Assert.ThrowsAsync<LiveMigrationException>(() => run.WaitAsync().WaitAsync(Patience))).Fault);
    }

    /// <summary>D11: what a listener throws is its own affair.</summary>
    [Fact]
    public async Task A_listener_that_fails_ends_nothing_and_keeps_nobody_from_hearing()
    {
        var heard = new List<string>();
        var run = Begin(run =>
        {
            run.Noticed += (_, _) => throw new InvalidOperationException("closed");
            run.Noticed += (_, notice) => heard.Add(notice);
            run.Notice("one");
            run.Notice("two");
            return Task.CompletedTask;
        });

        await run.WaitAsync().WaitAsync(Patience);

        Assert.Equal(["one", "two"], heard.Where(notice => notice is "one" or "two"));
        Assert.Single(heard, notice => notice.Contains("closed", StringComparison.Ordinal));
    }

    private EvacuationRun Begin(Func<EvacuationRun, Task> work)
    {
        var plan = EvacuationPlanner.Plan(Three(Domain("one")), ["a"]);
        var journal = Journals.Begin(plan, [], new HashSet<Guid>());
        var run = new EvacuationRun(journal.Id, plan);
        run.Begin(() => work(run), journal);
        return run;
    }
}
