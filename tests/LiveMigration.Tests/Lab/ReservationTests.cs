using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>Two migrations of this process see each other at their destination, though each was planned alone.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class ReservationTests(LabHosts lab)
{
    [LabFact]
    public async Task The_second_of_two_with_one_port_does_not_begin()
    {
        var options = new MigrationOptions { Bandwidth = Bandwidth.Parse("5MiB/s"), DisksPort = 49900 };
        await using var first = await lab.GuestAsync("disk=local");
        await using var second = await lab.GuestAsync("disk=local");
        var plan = await (await first.OnA).PlanMigrationAsync(lab.B, options);
        var beside = await (await second.OnA).PlanMigrationAsync(lab.B, options);
        var run = plan.Start();
        while ((run.Progress.Transferred ?? 0) == 0 && !run.Completion.IsCompleted)
            await Task.Delay(50);

        var refused = await beside.Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(refused.Fault == Faults.PortInUse, $"{refused.Fault}: {refused.Error}");
        Assert.Equal(MigrationVerdict.Stayed, refused.Verdict);
        await run.StopAsync().WaitAsync(TimeSpan.FromMinutes(2));

        // What the first one took is free again.
        var result = await (await (await second.OnA).PlanMigrationAsync(lab.B, options with { Bandwidth = null })).Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        await first.ShouldBeWholeAsync("a");
        await second.ShouldBeWholeAsync("b");
    }
}
