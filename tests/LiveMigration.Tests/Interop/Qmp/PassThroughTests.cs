using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Tests.Lab;
using LiveMigration.Units;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>The monitor that libvirt shares, on guests of the lab.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class PassThroughTests(LabHosts lab)
{
    private const string Taint = "tainted: custom monitor control commands issued";

    [LabFact]
    public async Task Listening_leaves_no_mark_and_the_first_command_taints()
    {
        await using var guest = await lab.GuestAsync();
        await using var monitor = await (await guest.OnA).OpenMonitorAsync();
        Assert.Equal(($"a: {guest.Name}", null, false), (monitor.Name, monitor.QemuVersion, monitor.SupportsOutOfBand));
        using var events = monitor.Listen();
        await LabHosts.RunAsync("virsh", "a", "suspend", guest.Name);
        await using var heard = events.GetAsyncEnumerator();
        Assert.True(await heard.MoveNextAsync());
        Assert.Equal("STOP", heard.Current.Name);
        Assert.NotNull(heard.Current.Time);
        Assert.DoesNotContain(Taint, await LabHosts.RunAsync("virsh", "a", "dominfo", guest.Name), StringComparison.Ordinal);

        Assert.Equal(new VmStatus(false, "paused"), await monitor.QueryStatusAsync());
        Assert.Contains(Taint, await LabHosts.RunAsync("virsh", "a", "dominfo", guest.Name), StringComparison.Ordinal);
        await LabHosts.RunAsync("virsh", "a", "resume", guest.Name);
        Assert.True(await heard.MoveNextAsync());
        Assert.Equal("RESUME", heard.Current.Name);
    }

    [LabFact]
    public async Task A_hundred_commands_at_once_get_their_own_answers()
    {
        await using var guest = await lab.GuestAsync();
        await using var monitor = await (await guest.OnA).OpenMonitorAsync();
        Assert.Equal((await lab.A.GetInfoAsync()).HypervisorVersion, await monitor.QueryVersionAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Task.Run(() => monitor.PrintAsync(number))));
        Assert.Equal(Enumerable.Range(0, 100), answers);
    }

    [LabFact]
    public async Task What_QEMU_refuses_is_told_as_over_a_socket()
    {
        await using var guest = await lab.GuestAsync();
        await using var monitor = await (await guest.OnA).OpenMonitorAsync();
        var error = await Assert.ThrowsAsync<QmpException>(() => monitor.ExecuteAsync("nosuch"));
        Assert.Equal(("nosuch", "CommandNotFound", Faults.QemuCommandNotFound), (error.Command, error.ErrorClass, error.Fault));
        await RealQemu.Fails(Faults.QemuDeviceNotFound, () => monitor.ExecuteAsync("device_del", new() { ["id"] = "nosuch" }));
        await RealQemu.Fails(Faults.NotSupported, () => monitor.ExecuteOutOfBandAsync("query-yank"));
        Assert.True((await monitor.QueryStatusAsync()).Running);
    }

    [LabFact]
    public async Task A_domain_that_does_not_run_has_no_monitor()
    {
        await using var guest = await lab.GuestAsync("start=0");
        var domain = await guest.OnA;
        await RealQemu.Fails(Faults.DomainNotRunning, () => domain.OpenMonitorAsync());
    }

    [LabFact]
    public async Task When_the_domain_stops_its_monitor_ends()
    {
        await using var guest = await lab.GuestAsync();
        await using var monitor = await (await guest.OnA).OpenMonitorAsync();
        using var events = monitor.Listen();
        await LabHosts.RunAsync("virsh", "a", "destroy", guest.Name);
        var error = await RealQemu.Fails(Faults.MonitorLost, async () =>
        {
            await foreach (var _ in events)
            {
            }
        });
        Assert.Contains("the domain has stopped", error.Message, StringComparison.Ordinal);
        await RealQemu.Fails(Faults.MonitorLost, () => monitor.QueryStatusAsync());
    }

    [LabFact]
    public async Task When_the_daemon_dies_what_waits_fails()
    {
        await using var guest = await lab.GuestAsync();
        await using var monitor = await (await guest.OnA).OpenMonitorAsync();
        using var events = monitor.Listen();
        await LabHosts.RunAsync("daemon", "a", "pause");
        var waiting = Enumerable.Range(0, 10).Select(_ => monitor.QueryStatusAsync()).ToList();
        await LabHosts.RunAsync("daemon", "a", "kill");
        try
        {
            foreach (var call in waiting)
            {
                var error = await Assert.ThrowsAnyAsync<LiveMigrationException>(() => call);
                Assert.True(error.Fault == Faults.ConnectionLost || error.Fault == Faults.MonitorLost, error.Message);
            }

            await RealQemu.Fails(Faults.MonitorLost, () => events.GetAsyncEnumerator().MoveNextAsync().AsTask());
        }
        finally
        {
            await LabHosts.RunAsync("daemon", "a", "start");
        }

        await using var again = await (await guest.OnA).OpenMonitorAsync();
        Assert.True((await again.QueryStatusAsync()).Running);
    }

    [LabFact]
    public async Task A_migration_is_seen_from_within_until_the_domain_has_left()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=20");
        await using var monitor = await (await guest.OnA).OpenMonitorAsync();
        using var events = monitor.Listen();
        var slowly = new MigrationOptions { Bandwidth = Bandwidth.Parse("60MiB/s") };
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, slowly)).Start();
        var course = new List<string>();
        var left = await RealQemu.Fails(Faults.MonitorLost, async () =>
        {
            await foreach (var told in events)
            {
                course.Add(told.Name == "MIGRATION" ? told.Data.GetProperty("status").GetString()! : told.Name);
                if (course[^1] == "active")
                    Assert.Equal("active", (await monitor.ExecuteAsync("query-migrate")).GetProperty("status").GetString());
            }
        });
        await run.Completion;
        var states = course.Where(name => name is not ("MIGRATION_PASS" or "SHUTDOWN"));
        Assert.Equal(["setup", "active", "STOP", "pre-switchover", "device", "completed"], states);
        Assert.Contains("MIGRATION_PASS", course);
        await guest.ShouldBeWholeAsync("b");
    }
}
