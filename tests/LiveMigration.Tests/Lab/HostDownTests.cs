using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>M4: the destination's power fails. Nobody says goodbye: there is only silence.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class HostDownTests(LabHosts lab) : IAsyncLifetime
{
    private static readonly MigrationOptions Slow = new() { Bandwidth = Bandwidth.Parse("20MiB/s"), StallTimeout = Duration.Parse("5s") };

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>It is switched on again.</summary>
    public async Task DisposeAsync()
    {
        await LabHosts.RunAsync("up", "b");
        for (var tries = 0; ; tries++)
        {
            try
            {
                await lab.B.GetInfoAsync();
                return;
            }
            catch (LiveMigrationException) when (tries < 10)
            {
                await Task.Delay(1000);
            }
        }
    }

    [LabFact]
    public async Task Before_the_migration_it_is_the_destination_that_does_not_answer()
    {
        await using var guest = await lab.GuestAsync();
        var domain = await guest.OnA;
        await LabHosts.RunAsync("kill", "b");
        var error = await Assert.ThrowsAnyAsync<LiveMigrationException>(() => domain.PlanMigrationAsync(lab.B));
        Assert.Contains(error.Fault, new[] { Faults.ConnectionLost, Faults.HostUnreachable, Faults.HostNotAnswering });
        Assert.Equal("b", error.Host);
        await guest.ShouldBeWholeAsync("a");
    }

    [LabFact]
    public async Task After_the_plan_was_made_too()
    {
        await using var guest = await lab.GuestAsync();
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B, Slow with { Mode = MigrationMode.PeerToPeer });
        await LabHosts.RunAsync("kill", "b");
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(MigrationVerdict.Stayed, result.Verdict);
        // The source's kernel may try for longer than we wait for anything to move.
        Assert.Contains(result.Fault, new[] { Faults.DestinationUnreachableFromSource, Faults.DestinationDaemonLost });
        Assert.EndsWith("b does not answer.", result.Error, StringComparison.Ordinal);
        await guest.ShouldBeWholeAsync("a");
    }

    [LabFact]
    public Task In_the_middle_with_the_source_steering() => InTheMiddle(MigrationMode.PeerToPeer);

    [LabFact]
    public Task In_the_middle_with_the_client_steering() => InTheMiddle(MigrationMode.Direct);

    private async Task InTheMiddle(MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, Slow with { Mode = mode })).Start();
        while (!(run.Progress.Transferred >= 1_000_000) && !run.Completion.IsCompleted)
            await Task.Delay(50);
        await LabHosts.RunAsync("kill", "b");
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal((MigrationVerdict.Stayed, Faults.DestinationDaemonLost, "b"), (result.Verdict, result.Fault, result.FaultHost));
        Assert.EndsWith("b does not answer.", result.Error, StringComparison.Ordinal);
        Assert.Equal(DomainState.Running, (await guest.OnA).State);
        await guest.ShouldBeWholeAsync("a");
        await LabHosts.RunAsync("up", "b");
        await guest.ShouldLeaveBAsync();
    }
}
