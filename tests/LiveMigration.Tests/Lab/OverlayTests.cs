using System.Globalization;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Lab;

/// <summary>L2: of an overlay only what lies above its backing file travels, if the destination has the same.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class OverlayTests(LabHosts lab)
{
    private const string Images = "/var/lib/libvirt/images";

    [LabFact]
    public async Task Above_the_same_base_only_the_overlay_travels()
    {
        await using var guest = await OverlayAsync();
        await LabHosts.RunAsync("sh", "b", "cp", $"/var/lib/libvirt/shared/{guest.Name}-vdz.qcow2", Base(guest));
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B);
        Assert.Equal((DiskTransfer.Incremental, true), (plan.Disks[0].Transfer, plan.Disks[0].MakesImage));
        Assert.InRange(plan.Disks[0].Bytes ?? 0, 1, 32 << 20);
        await CompletedAsync(plan);
        Assert.Contains(Base(guest), await LabHosts.RunAsync("sh", "b", "qemu-img", "info", "-U", $"{Images}/{guest.Name}-vda.qcow2"), StringComparison.Ordinal);
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>QEMU opens what the definition names below the copy: there must be nothing.</summary>
    [LabFact]
    public async Task B011_an_overlay_whose_base_is_missing_arrives_whole()
    {
        await using var guest = await OverlayAsync();
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B);
        Assert.Equal(DiskTransfer.Full, plan.Disks[0].Transfer);
        await CompletedAsync(plan);
        Assert.DoesNotContain("backing", await LabHosts.RunAsync("sh", "b", "qemu-img", "info", "-U", $"{Images}/{guest.Name}-vda.qcow2"), StringComparison.Ordinal);
        Assert.DoesNotContain(Base(guest), await LabHosts.RunAsync("virsh", "b", "dumpxml", "--inactive", guest.Name), StringComparison.Ordinal);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task A_base_that_is_missing_or_differs_is_not_relied_on()
    {
        await using var guest = await OverlayAsync();
        var incremental = new MigrationOptions { Storage = new StorageOptions { Copy = CopyStorage.Incremental } };
        Assert.Equal(Faults.BackingFileMissing, await RefusalAsync(guest, incremental));
        await LabHosts.RunAsync("sh", "b", "cp", $"/var/lib/libvirt/shared/{guest.Name}-vdz.qcow2", Base(guest));
        // One byte where no sample is taken: the same size, format and length.
        var length = long.Parse(await LabHosts.RunAsync("sh", "b", "stat", "-c", "%s", Base(guest)), CultureInfo.InvariantCulture);
        var sample = BaseImage.Parts(length, BaseCheck.Sampled)[^2];
        await LabHosts.RunAsync("sh", "b", "sh", "-c", $"printf x | dd of={Base(guest)} bs=1 seek={sample.Offset + sample.Length + 1000} conv=notrunc status=none");
        Assert.Equal(Faults.BackingFileDiffers, await RefusalAsync(guest, incremental));
        // Who asks for samples by name gets what they see.
        var sampled = incremental with { Storage = incremental.Storage with { BaseCheck = BaseCheck.Sampled } };
        Assert.Equal(DiskTransfer.Incremental, (await (await guest.OnA).PlanMigrationAsync(lab.B, sampled)).Disks[0].Transfer);
        // Left to itself it takes all of it along, and needs the base no more.
        var plan = await (await guest.OnA).PlanMigrationAsync(lab.B);
        Assert.Equal(DiskTransfer.Full, plan.Disks[0].Transfer);
        await CompletedAsync(plan);
        Assert.DoesNotContain("backing", await LabHosts.RunAsync("sh", "b", "qemu-img", "info", "-U", $"{Images}/{guest.Name}-vda.qcow2"), StringComparison.Ordinal);
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>A guest on an overlay; a copy of its base is kept in the shared folder.</summary>
    private async Task<LabHosts.Guest> OverlayAsync()
    {
        var guest = await lab.GuestAsync("disk=local", "diskrate=2", "start=0");
        await LabHosts.RunAsync("sh", "a", "sh", "-c",
            $"cd {Images} && mv {guest.Name}-vda.qcow2 {Base(guest)} && qemu-io -c 'write -P 7 20M 8M' {Base(guest)} >/dev/null && "
            + $"cp {Base(guest)} /var/lib/libvirt/shared/{guest.Name}-vdz.qcow2 && qemu-img create -q -f qcow2 -b {Base(guest)} -F qcow2 {guest.Name}-vda.qcow2");
        await guest.StartAsync();
        return guest;
    }

    /// <summary>The lab removes what has a guest's name and the target of a disk.</summary>
    private static string Base(LabHosts.Guest guest) => $"{Images}/{guest.Name}-vdz.qcow2";

    private async Task<Fault> RefusalAsync(LabHosts.Guest guest, MigrationOptions options) =>
        (await Assert.ThrowsAnyAsync<LiveMigrationException>(async () => await (await guest.OnA).PlanMigrationAsync(lab.B, options))).Fault;

    private static async Task CompletedAsync(MigrationPlan plan)
    {
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
    }
}
