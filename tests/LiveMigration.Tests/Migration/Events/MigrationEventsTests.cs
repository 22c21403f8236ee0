using LiveMigration.Errors;
using LiveMigration.Migration.Events;
using static LiveMigration.Migration.Events.MigrationEventKind;

namespace LiveMigration.Tests.Migration.Events;

/// <summary>M1: what happens in a migration is told as it happens, in order, to its end.</summary>
public sealed class MigrationEventsTests
{
    private readonly GivenMigration _given = new();
    private readonly List<MigrationEvent> _heard = [];

    private IEnumerable<MigrationEventKind> Kinds => _heard.Select(what => what.Event);

    [Fact]
    public async Task A_migration_is_told_from_its_start_to_its_result()
    {
        _given.Driver.Script = _ => _given.Driver.Send(completesAfter: 30);
        var result = await ExecuteAsync();

        Assert.Equal((Started, Completed), (_heard[0].Event, _heard[^1].Event));
        Assert.Same(result, _heard[^1].Result);
        Assert.Contains(_heard, what => what is { Event: Progress, Progress.Iteration: 1 });
        // In one pass, half of which stays: however often somebody looks, that is no event each time.
        Assert.InRange(Kinds.Count(kind => kind is Progress), 1, 2);
        Assert.All(_heard, what => Assert.Equal(("web", "a", "b", (Guid?)_given.Run.Id, null), (what.Name, what.Source, what.Destination, what.Migration, what.Evacuation)));
        Assert.Equal(_heard.Select(what => what.Time), _heard.Select(what => what.Time).Order());
    }

    [Fact]
    public async Task Each_pass_and_the_switch_to_post_copy_is_told()
    {
        _given.Driver.Script = _ =>
        {
            _given.Driver.Send();
            _given.Driver.After(10, _given.Driver.Pass);
            _given.Driver.After(20, _given.Driver.Pass);
            _given.Driver.After(30, _given.Driver.PostCopy);
            _given.Driver.After(40, _given.Driver.Complete);
        };
        await ExecuteAsync("20261231-225900-1f3a");

        Assert.Equal([1, 2, 3], _heard.Where(what => what.Event is Progress && what.Progress!.Iteration is not null).Select(what => what.Progress!.Iteration!.Value).Distinct());
        Assert.Single(Kinds, PostCopy);
        Assert.Equal(Completed, Kinds.Last());
        Assert.All(_heard, what => Assert.Equal("20261231-225900-1f3a", what.Evacuation));
    }

    [Fact]
    public async Task A_failure_says_why_and_what_was_said_before_is_not_lost()
    {
        _given.Run.Notice("said before anybody watched");
        _given.Driver.Script = _ =>
        {
            _given.Driver.Send();
            _given.Driver.After(3, () => _given.Driver.Fail(Faults.MigrationFailed));
        };
        var result = await ExecuteAsync();

        Assert.Equal([Started, Notice], Kinds.Take(2));
        Assert.Equal("said before anybody watched", _heard[1].Text);
        Assert.Equal((Failed, result.Error), (_heard[^1].Event, _heard[^1].Text));
    }

    [Fact]
    public async Task What_another_tool_started_is_watched_and_after_disposal_nothing_is_told()
    {
        var foreign = new GivenMigration(foreign: true);
        foreign.Begun = () => MigrationEvents.Watch(foreign.Run, _heard.Add, fromStart: true).Dispose();
        foreign.Driver.Send(completesAfter: 5);
        await foreign.ObserveAsync();

        Assert.Equal([Watched], Kinds);
        Assert.Matches("^web: a → b, Watched, \\d+ %$", _heard[0].ToString());
    }

    private async Task<LiveMigration.Migration.MigrationResult> ExecuteAsync(string? evacuation = null)
    {
        MigrationEvents? events = null;
        _given.Begun = () => events = MigrationEvents.Watch(_given.Run, _heard.Add, fromStart: true, evacuation);
        var result = await _given.ExecuteAsync();
        await events!.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        return result;
    }
}
