using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Lab;

/// <summary>D6: a stop before the start stops.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class StopTests(LabHosts lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Nothing has begun, so nothing has to be aborted: the VM has never been asked to move.</summary>
    [LabFact]
    public async Task What_was_stopped_at_once_never_begins()
    {
        await using var guest = await lab.GuestAsync();
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B)).Start();

        var result = await run.StopAsync().WaitAsync(Patience);

        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        Assert.DoesNotContain(await lab.B.GetDomainsAsync(), domain => domain.Name == guest.Name);
        await guest.ShouldBeWholeAsync("a");
    }

    /// <summary>A daemon takes so many migrations at once. One that waits for its place ends its wait, and does not begin when a place is free.</summary>
    [LabFact]
    public async Task What_was_stopped_while_it_waited_for_a_place_never_begins()
    {
        await using var guest = await lab.GuestAsync();
        var places = new List<MigrationConnections.Lease>();
        try
        {
            while (places.Count < MigrationConnections.PerDaemon)
                places.Add(await lab.A.MigrationConnections.RentAsync(CancellationToken.None));
            var run = (await (await guest.OnA).PlanMigrationAsync(lab.B)).Start();
            await Task.Delay(1000);
            Assert.False(run.Completion.IsCompleted);

            Assert.Equal(MigrationOutcome.Cancelled, (await run.StopAsync().WaitAsync(Patience)).Outcome);
        }
        finally
        {
            places.ForEach(place => place.Dispose());
        }

        await Task.Delay(1000);
        Assert.DoesNotContain(await lab.B.GetDomainsAsync(), domain => domain.Name == guest.Name);
        await guest.ShouldBeWholeAsync("a");
    }
}
