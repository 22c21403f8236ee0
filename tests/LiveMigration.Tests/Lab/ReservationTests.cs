using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Migration.Reservations;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>Two migrations of this process see each other at their destination, though each was planned alone.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class ReservationTests(LabHosts lab)
{
    private static readonly string[] Folders = ["/var/lib/libvirt", "/var/lib/libvirt/images/not/there"];

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

    /// <summary>libvirt tells the same size and free space of two directories of one file system, and others of another.</summary>
    [LabFact]
    public async Task Two_pools_over_one_file_system_are_known_by_their_figures()
    {
        const string Folder = "/var/lib/libvirt/images/second";
        await LabHosts.RunAsync("virsh", "b", "pool-create-as", "second", "dir", "--target", Folder, "--build");
        await LabHosts.RunAsync("sh", "b", "mkdir", "-p", "/dev/shm/third");
        await LabHosts.RunAsync("virsh", "b", "pool-create-as", "third", "dir", "--target", "/dev/shm/third");
        // One that is not started reports no space.
        await LabHosts.RunAsync("virsh", "b", "pool-define-as", "idle", "dir", "--target", "/dev/shm/idle");
        try
        {
            var room = await Room.ReadAsync(lab.B, ["default", "second", "third", "none", "idle", "/dev/shm/third", .. Folders], [2048], CancellationToken.None);
            Assert.Equal(["/dev/shm/third", "/var/lib/libvirt", "/var/lib/libvirt/images/not/there", "default", "second", "third"], room.Pools.Keys.Order(StringComparer.Ordinal));
            // A folder that no pool has, and one that is not there yet, take of the same space; what was made to look at them is gone.
            Assert.All(Folders, folder => Assert.True(room.Pools[folder].SharesSpaceWith(room.Pools["default"]), $"{room.Pools[folder]}"));
            Assert.False(room.Pools["/dev/shm/third"].SharesSpaceWith(room.Pools["default"]));
            Assert.DoesNotContain("livemigration.transient", await LabHosts.RunAsync("virsh", "b", "pool-list", "--all", "--name"), StringComparison.Ordinal);
            Assert.True(room.Pools["default"].SharesSpaceWith(room.Pools["second"]), $"{room.Pools["default"]} {room.Pools["second"]}");
            Assert.False(room.Pools["default"].SharesSpaceWith(room.Pools["third"]));
            Assert.Equal(2048u, Assert.Single(room.Pages).Key);
        }
        finally
        {
            await LabHosts.RunAsync("virsh", "b", "pool-destroy", "second");
            await LabHosts.RunAsync("virsh", "b", "pool-destroy", "third");
            await LabHosts.RunAsync("virsh", "b", "pool-undefine", "idle");
            await LabHosts.RunAsync("sh", "b", "rm", "-r", Folder, "/dev/shm/third");
        }
    }
}
