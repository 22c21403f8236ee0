using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Hosts.Maintenance;

namespace LiveMigration.Tests.Lab;

/// <summary>V6: what real hosts keep of their maintenance, and who may change it.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class MaintenanceTests(LabHosts lab) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (LabHosts.Unavailable is null && await lab.A.GetMaintenanceAsync() is { } left)
            await lab.A.EndMaintenanceAsync(left);
    }

    [LabFact]
    public async Task Who_read_it_before_somebody_else_began_it_again_changes_nothing()
    {
        var first = await lab.A.EnterMaintenanceAsync("first");
        var second = await lab.A.EnterMaintenanceAsync("second");
        Assert.Equal((first.Since, first.By, "second"), (second.Since, second.By, second.Reason));

        foreach (var late in (Func<Task>[])
        [
            () => lab.A.EndMaintenanceAsync(first),
            () => lab.A.LeaveMaintenanceAsync(first),
            () => lab.A.RememberEvacuationAsync(first, "20261129-093000-1f3a"),
            () => lab.A.SettleMaintenanceAsync(first),
        ])
        {
            var error = await Assert.ThrowsAsync<LiveMigrationException>(late);
            Assert.Equal(Faults.HostInMaintenance, error.Fault);
            Assert.Contains("second", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal((second.Token, "second"), ((await lab.A.GetMaintenanceAsync())!.Token, (await lab.A.GetMaintenanceAsync())!.Reason));
        await lab.A.EndMaintenanceAsync(second);
        Assert.Contains("ended by somebody else", (await Assert.ThrowsAsync<LiveMigrationException>(() => lab.A.LeaveMaintenanceAsync(second))).Message, StringComparison.Ordinal);
    }

    [LabFact]
    public async Task It_ends_with_the_last_VM_that_is_back_and_remembers_those_that_are_not()
    {
        await using var guest = await lab.GuestAsync();
        var leaving = await lab.A.LeaveMaintenanceAsync(await lab.A.EnterMaintenanceAsync());
        var gone = new HostedDomain(Guid.NewGuid(), "gone");

        Assert.Equal([gone], await lab.A.SettleMaintenanceAsync(leaving with { Domains = [.. leaving.Domains, gone] }));
        var left = await lab.A.GetMaintenanceAsync();
        Assert.Equal((HostMaintenanceState.Leaving, "gone"), (left!.State, Assert.Single(left.Domains).Name));

        Assert.Empty(await lab.A.SettleMaintenanceAsync(left with { Domains = leaving.Domains }));
        Assert.Null(await lab.A.GetMaintenanceAsync());
    }

    [LabFact]
    public async Task A_host_is_named_as_it_is_called_now()
    {
        await lab.A.EnterMaintenanceAsync();
        lab.A.Rename("renamed");
        try
        {
            Assert.Equal("renamed", (await lab.A.GetMaintenanceAsync())!.HostName);
            Assert.Equal("renamed", (await lab.A.GetInfoAsync()).Maintenance!.HostName);
        }
        finally
        {
            lab.A.Rename("a");
        }
    }

    [LabFact]
    public async Task A_mark_that_cannot_be_read_is_not_replaced()
    {
        await LabHosts.RunAsync("sh", "a", "sh", "-c", $"echo '<secret ephemeral=\"no\"><uuid>{MaintenanceMark.Uuid}</uuid><description>of a later version</description></secret>' >/tmp/mark.xml && virsh -c qemu:///system secret-define /tmp/mark.xml");

        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => lab.A.EnterMaintenanceAsync());

        Assert.Contains("-KeepPlacement removes the mark", error.Message, StringComparison.Ordinal);
        Assert.Equal(HostMaintenanceState.InMaintenance, (await lab.A.GetMaintenanceAsync())!.State);
    }
}
