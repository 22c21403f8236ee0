using System.Diagnostics;
using LiveMigration.State;

namespace LiveMigration.Tests.State;

public sealed class RecordWriterTests : IDisposable
{
    private readonly GivenState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void This_process_lives_and_is_told_from_another_of_the_same_number()
    {
        var self = _state.Store.Self;
        Assert.True(_state.Store.Lives(self));
        Assert.Equal(self, RecordWriter.ThisProcess());
        Assert.False(_state.Store.Lives(self with { Boot = "another" }));
        Assert.False(_state.Store.Lives(self with { Started = self.Started + TimeSpan.FromMinutes(1).Ticks }));
        Assert.False(_state.Store.Lives(self with { ProcessId = -1 }));
    }

    /// <summary>A home folder may be on several machines: nobody here knows what runs there.</summary>
    [Fact]
    public void A_process_of_another_machine_is_not_known_to_have_ended() =>
        Assert.True(_state.Store.Lives(_state.Store.Self with { Machine = "another", Started = 1 }));

    [Fact]
    public void A_process_that_has_ended_lives_no_more()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        var writer = _state.Store.Self with { ProcessId = process.Id, Started = RecordWriter.StartOf(process.Id) ?? 0 };
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.False(_state.Store.Lives(writer));
    }
}
