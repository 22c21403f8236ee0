using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Lab;

/// <summary>L2: a pool for the image is defined, or started, on the destination where that is allowed, and only there.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class StoragePoolTests(LabHosts lab) : IAsyncLifetime
{
    private const string Folder = "/var/lib/libvirt/elsewhere";
    private const string Pool = "livemigration-var-lib-libvirt-elsewhere";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await LabHosts.RunAsync("sh", "b", "sh", "-c", $"rm -rf {Folder}");
        foreach (var order in new[] { "pool-destroy", "pool-undefine" })
        {
            if ((await PoolsAsync()).Contains(Pool, StringComparer.Ordinal))
                await LabHosts.RunAsync("virsh", "b", order, Pool);
        }
    }

    [LabFact]
    public async Task A_pool_that_nobody_defined_and_then_one_that_nobody_started()
    {
        await MoveAsync(Assert.Empty);
        await LabHosts.RunAsync("virsh", "b", "pool-destroy", Pool);
        await MoveAsync(pools => Assert.Equal([Pool], pools));
    }

    [LabFact]
    public async Task What_lies_in_a_folder_that_no_pool_shows_is_not_overwritten()
    {
        await using var guest = await lab.GuestAsync("disk=local");
        var path = $"{Folder}/{guest.Name}.qcow2";
        await LabHosts.RunAsync("sh", "b", "sh", "-c", $"mkdir -p {Folder} && echo precious >{path}");
        var options = Mapped(guest.Name);
        foreach (var setup in new[] { false, true })
        {
            var refused = await Assert.ThrowsAsync<LiveMigrationException>(async () =>
                await (await guest.OnA).PlanMigrationAsync(lab.B, options with { Storage = options.Storage with { AllowPoolSetup = setup } }));
            Assert.Equal(Faults.ImagesDiffer, refused.Fault);
        }

        Assert.Equal("precious", (await LabHosts.RunAsync("sh", "b", "cat", path)).Trim());
        await guest.ShouldBeWholeAsync("a");
    }

    private async Task MoveAsync(Action<IEnumerable<string>> before)
    {
        await using var guest = await lab.GuestAsync("disk=local");
        var options = Mapped(guest.Name);
        // Without a pool the folder will do; one that is there and not active is somebody's.
        if ((await PoolsAsync()).Contains(Pool, StringComparer.Ordinal))
            Assert.Equal(Faults.DestinationPoolMissing, (await Assert.ThrowsAsync<LiveMigrationException>(async () => await (await guest.OnA).PlanMigrationAsync(lab.B, options))).Fault);
        before((await PoolsAsync()).Where(name => name == Pool));

        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B, options with { Storage = options.Storage with { AllowPoolSetup = true } });
        before((await PoolsAsync()).Where(name => name == Pool));
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        Assert.Contains(Pool, await PoolsAsync("--autostart"));
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>No pool tells what is at that path: that the disk is to be copied has to be said.</summary>
    private static MigrationOptions Mapped(string guest) => new()
    {
        DiskMap = new Dictionary<string, string> { ["vda"] = $"{Folder}/{guest}.qcow2" },
        Storage = new StorageOptions { Copy = CopyStorage.Full, Disks = ["vda"] },
    };

    private static async Task<string[]> PoolsAsync(params string[] which) =>
        (await LabHosts.RunAsync(["virsh", "b", "pool-list", "--name", .. which.Length == 0 ? ["--all"] : which])).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
