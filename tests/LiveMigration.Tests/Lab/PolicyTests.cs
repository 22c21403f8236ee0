using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>T5: a policy steers a real migration.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class PolicyTests(LabHosts lab)
{
    private static readonly MigrationOptions Busy = new() { Bandwidth = Bandwidth.Parse("20MiB/s") };

    [LabFact]
    public async Task A_downtime_that_grows_lets_a_busy_guest_through()
    {
        var (result, guest) = await FollowAsync(BuiltInPolicies.Find("proxmox")!);
        await using (guest)
        {
            Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
            Assert.NotEmpty(result.Notices);
            await guest.ShouldBeWholeAsync("b");
        }
    }

    [LabFact]
    public async Task A_deadline_ends_in_an_abort_that_says_why_and_the_downtime_is_put_back()
    {
        var policy = BuiltInPolicies.Find("kubevirt-timeout")! with { Timeout = new CompletionTimeout { After = Duration.Parse("15s") } };
        var (result, guest) = await FollowAsync(policy);
        await using (guest)
        {
            Assert.Equal((MigrationVerdict.Stayed, Faults.Timeout), (result.Verdict, result.Fault));
            Assert.Contains("kubevirt-timeout", result.Error, StringComparison.Ordinal);
            Assert.Equal(300, (await (await guest.OnA).GetMigrationDowntimeAsync()).Limit.TotalMilliseconds);
            await guest.ShouldBeWholeAsync("a");
        }
    }

    private async Task<(MigrationResult Result, LabHosts.Guest Guest)> FollowAsync(MigrationPolicy policy)
    {
        var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=60");
        var domain = await guest.OnA;
        var facts = await domain.GetPolicyFactsAsync(lab.B, Busy, policy);
        var plan = await domain.PlanMigrationAsync(lab.B, policy.ApplyTo(Busy, facts));
        return (await plan.Start(policy.Start(facts)).Completion.WaitAsync(TimeSpan.FromMinutes(3)), guest);
    }
}
