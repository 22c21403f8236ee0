using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>M6, B026: a folder for each VM and one for the bases, as OpenStack Nova has them, and no pool over any.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class FolderTests(LabHosts lab) : IAsyncLifetime
{
    private const string Instances = "/var/lib/libvirt/instances";
    private const string Shared = "/var/lib/libvirt/shared/instances";

    private static readonly string[] Hosts = ["a", "b"];

    private string _pools = "";

    public async Task InitializeAsync() => _pools = await PoolsAsync();

    public async Task DisposeAsync()
    {
        // Whatever was tried: no pool is left, and none is gone.
        Assert.Equal(_pools, await PoolsAsync());
        foreach (var host in Hosts)
            await LabHosts.RunAsync("sh", host, "rm", "-rf", Instances, Shared);
    }

    [LabTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disk_in_a_folder_of_its_own_goes_above_its_base_or_whole(bool hasBase)
    {
        await using var guest = await OverlayAsync();
        if (hasBase)
            await LabHosts.RunAsync("sh", "b", "sh", "-c", $"mkdir -p {Instances}/_base && cp /var/lib/libvirt/shared/{guest.Name}-vdz.qcow2 {Instances}/_base/{guest.Name}");
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B);
        Assert.Equal((hasBase ? DiskTransfer.Incremental : DiskTransfer.Full, StorageAccess.Local, true), (plan.Disks[0].Transfer, plan.Disks[0].Access, plan.Disks[0].MakesImage));
        Assert.Equal(_pools, await PoolsAsync());
        await CompletedAsync(plan);
        await guest.ShouldBeWholeAsync("b");
        var image = await LabHosts.RunAsync("sh", "b", "qemu-img", "info", "-U", DiskOf(guest));
        Assert.Equal(hasBase, image.Contains($"{Instances}/_base/{guest.Name}", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task What_was_made_for_a_migration_that_stops_is_gone_with_its_folder()
    {
        await using var guest = await OverlayAsync();
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { Bandwidth = Bandwidth.Parse("1MiB/s") })).Start();
        while (run.Progress.Transferred is null or 0 && !run.Completion.IsCompleted)
            await Task.Delay(50);
        Assert.Contains("disk", await LabHosts.RunAsync("sh", "b", "ls", $"{Instances}/{guest.Name}"), StringComparison.Ordinal);
        await run.StopAsync();
        Assert.Equal("", (await LabHosts.RunAsync("sh", "b", "sh", "-c", $"ls -d {Instances}/{guest.Name} 2>/dev/null || true")).Trim());
        await guest.ShouldBeWholeAsync("a");
    }

    [LabFact]
    public async Task A_folder_that_both_hosts_have_is_seen_to_be_shared()
    {
        await using var guest = await lab.GuestAsync("disk=shared", "diskrate=2", "start=0");
        var (from, to) = ($"/var/lib/libvirt/shared/{guest.Name}-vda.qcow2", $"{Shared}/{guest.Name}/disk");
        await LabHosts.RunAsync("sh", "a", "sh", "-c", $"mkdir -p {Shared}/{guest.Name} && mv {from} {to}");
        await guest.RedefineAsync(xml => xml.Replace(from, to, StringComparison.Ordinal));
        await guest.StartAsync();
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B);
        Assert.Equal((DiskTransfer.None, StorageAccess.Shared), (plan.Disks[0].Transfer, plan.Disks[0].Access));
        await CompletedAsync(plan);
        await guest.ShouldBeWholeAsync("b");
    }

    private static string DiskOf(LabHosts.Guest guest) => $"{Instances}/{guest.Name}/disk";

    /// <summary>A guest on an overlay in its own folder, over a base in another; a copy of the base is kept in the shared folder.</summary>
    private async Task<LabHosts.Guest> OverlayAsync()
    {
        var guest = await lab.GuestAsync("disk=local", "diskrate=2", "start=0");
        var image = $"/var/lib/libvirt/images/{guest.Name}-vda.qcow2";
        await LabHosts.RunAsync("sh", "a", "sh", "-c",
            $"mkdir -p {Instances}/_base {Instances}/{guest.Name} && mv {image} {Instances}/_base/{guest.Name} && qemu-io -c 'write -P 7 20M 8M' {Instances}/_base/{guest.Name} >/dev/null && "
            + $"cp {Instances}/_base/{guest.Name} /var/lib/libvirt/shared/{guest.Name}-vdz.qcow2 && qemu-img create -q -f qcow2 -b {Instances}/_base/{guest.Name} -F qcow2 {DiskOf(guest)}");
        await guest.RedefineAsync(xml => xml.Replace(image, DiskOf(guest), StringComparison.Ordinal));
        await guest.StartAsync();
        return guest;
    }

    private static async Task CompletedAsync(MigrationPlan plan)
    {
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
    }

    private static async Task<string> PoolsAsync()
    {
        var pools = new List<string>();
        foreach (var host in Hosts)
            pools.Add(await LabHosts.RunAsync("virsh", host, "pool-list", "--all", "--name"));
        return string.Join("\n", pools);
    }
}
