using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Tests.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>What a host does after nobody waits for it any more is undone.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class LateCallTests(LabHosts lab)
{
    [LabFact]
    public async Task A_downtime_that_is_set_too_late_is_set_back()
    {
        await using var guest = await lab.GuestAsync();
        using var a = await LabHosts.ConnectAsync("a", options: HostOptions.Default with { CallTimeout = TimeSpan.FromSeconds(5) });
        var domain = await a.GetDomainAsync(guest.Name);
        var before = (await domain.GetMigrationDowntimeAsync()).Limit;
        var plan = await domain.PlanMigrationAsync(lab.B, new MigrationOptions { MaxDowntime = Duration.Parse("1234ms") });
        using var call = new StalledCall("virDomainMigrateSetMaxDowntime");
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(MigrationVerdict.Stayed, result.Verdict);
        Assert.Equal(0, call.Ended);
        call.Release();
        for (var tries = 0; tries < 600 && call.Ended < 2; tries++)
            await Task.Delay(50);
        Assert.Equal(before, (await domain.GetMigrationDowntimeAsync()).Limit);
        await guest.ShouldBeWholeAsync("a");
    }
}
