using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Lab;

/// <summary>L1, M4: what becomes of the images that a domain leaves behind; nothing goes that something else needs.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class SourceDiskTests(LabHosts lab)
{
    private const string Images = "/var/lib/libvirt/images";

    [LabFact]
    public async Task Kept_unless_asked_otherwise_and_removed_when_asked()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2");
        await MovedAsync(guest, SourceDisk.Keep);
        Assert.Equal([$"{guest.Name}-vda.qcow2"], await ImagesAsync("a", guest));
        // Back, onto the image that was kept, and what b had is removed.
        var back = new MigrationOptions { Storage = new StorageOptions { Copy = CopyStorage.Full, SourceDisk = SourceDisk.Remove } };
        var result = await (await (await guest.OnB).PlanMigrationAsync(lab.A, back)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.Contains(result.Verified, fact => fact is { IsTrue: true, Found: "removed" });
        Assert.Empty(await ImagesAsync("b", guest));
        await guest.ShouldBeWholeAsync("a");
    }

    /// <summary>V4: what the VM itself left makes room for it; what somebody has touched since does not.</summary>
    [LabFact]
    public async Task To_and_fro_as_often_as_one_likes_until_somebody_touches_what_was_left()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2");
        for (var rounds = 0; rounds < 2; rounds++)
        {
            await MovedAsync(guest, SourceDisk.Keep);
            var back = await (await (await guest.OnB).PlanMigrationAsync(lab.A)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(3));
            Assert.True(back.Outcome is MigrationOutcome.Completed, back.Error);
            await guest.ShouldBeWholeAsync("a");
        }

        await LabHosts.RunAsync("sh", "b", "touch", $"{Images}/{guest.Name}-vda.qcow2");
        var error = await Assert.ThrowsAsync<LiveMigrationException>(async () => await (await guest.OnA).PlanMigrationAsync(lab.B));
        Assert.Equal(Faults.DestinationImageExists, error.Fault);
        await guest.ShouldBeWholeAsync("a");
    }

    /// <summary>B006, B041: what a copy cannot have stays, and the copy is made like the original.</summary>
    [LabFact]
    public async Task Internal_snapshots_stay_and_the_copy_has_the_cluster_size_of_the_original()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2", "start=0");
        var image = $"{Images}/{guest.Name}-vda.qcow2";
        await LabHosts.RunAsync("sh", "a", "sh", "-c", $"cd {Images} && qemu-img convert -O qcow2 -o cluster_size=2M {image} {image}.new && mv {image}.new {image} && qemu-img snapshot -c before {image}");
        await guest.StartAsync();
        var domain = await guest.OnA;
        var remove = new MigrationOptions { Storage = new StorageOptions { SourceDisk = SourceDisk.Remove } };
        Assert.Equal(Faults.ImageHoldsMore, (await Assert.ThrowsAsync<LiveMigrationException>(() => domain.PlanMigrationAsync(lab.B, remove))).Fault);
        var plan = await domain.PlanMigrationAsync(lab.B);
        Assert.Contains("1 internal snapshot of", Assert.Single(plan.Notices), StringComparison.Ordinal);
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        await guest.ShouldBeWholeAsync("b");
        Assert.Contains("cluster_size: 2097152", await LabHosts.RunAsync("sh", "b", "qemu-img", "info", "-U", image), StringComparison.Ordinal);
        // The way back does not lead over the snapshot.
        Assert.Equal(Faults.DestinationImageExists, (await Assert.ThrowsAsync<LiveMigrationException>(async () => await (await guest.OnB).PlanMigrationAsync(lab.A))).Fault);
        Assert.Contains("before", await LabHosts.RunAsync("sh", "a", "qemu-img", "snapshot", "-l", image), StringComparison.Ordinal);
    }

    /// <summary>B006: with consent the image that had snapshots goes like others, and the way back leads over one that was kept.</summary>
    [LabFact]
    public async Task B006_internal_snapshots_are_lost_where_that_is_allowed()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2", "start=0");
        var image = $"{Images}/{guest.Name}-vda.qcow2";
        await LabHosts.RunAsync("sh", "a", "qemu-img", "snapshot", "-c", "before", image);
        await guest.StartAsync();
        var kept = new MigrationOptions { Storage = new StorageOptions { AllowLosingSnapshots = ["vda"] } };
        var there = await MoveAsync(await guest.OnA, lab.B, kept);
        Assert.Contains("they are lost when the VM comes back and replaces it.", Assert.Single(there.Plan.Notices), StringComparison.Ordinal);
        Assert.Equal("", await LabHosts.RunAsync("sh", "b", "qemu-img", "snapshot", "-U", "-l", image));
        Assert.Contains("before", await LabHosts.RunAsync("sh", "a", "qemu-img", "snapshot", "-l", image), StringComparison.Ordinal);
        await MoveAsync(await guest.OnB, lab.A, MigrationOptions.Default);
        Assert.Equal("", await LabHosts.RunAsync("sh", "a", "qemu-img", "snapshot", "-U", "-l", image));
        await guest.ShouldBeWholeAsync("a");
    }

    [LabTheory]
    [InlineData(SourceDisk.Remove)]
    [InlineData(SourceDisk.Rename)]
    public async Task B006_an_image_with_internal_snapshots_goes_only_where_that_is_allowed(SourceDisk after)
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2", "start=0");
        var image = $"{Images}/{guest.Name}-vda.qcow2";
        await LabHosts.RunAsync("sh", "a", "qemu-img", "snapshot", "-c", "before", image);
        await guest.StartAsync();
        var options = new MigrationOptions { Storage = new StorageOptions { SourceDisk = after } };
        var refused = await Assert.ThrowsAsync<LiveMigrationException>(async () => await (await guest.OnA).PlanMigrationAsync(lab.B, options));
        Assert.Contains("it has 1 internal snapshot, which the copy will not have. If you do not need them, add -AllowLosingSnapshots vda.", refused.Message, StringComparison.Ordinal);
        await guest.ShouldBeWholeAsync("a");
        await MoveAsync(await guest.OnA, lab.B, options with { Storage = options.Storage with { AllowLosingSnapshots = ["vda"] } });
        Assert.Equal("", await LabHosts.RunAsync("sh", "b", "qemu-img", "snapshot", "-U", "-l", image));
        var left = await ImagesAsync("a", guest);
        Assert.Equal(after is SourceDisk.Rename ? 1 : 0, left.Length);
        foreach (var renamed in left)
            Assert.Equal("", await LabHosts.RunAsync("sh", "a", "qemu-img", "snapshot", "-l", $"{Images}/{renamed}"));
        await guest.ShouldBeWholeAsync("b");
    }

    private static async Task<(MigrationPlan Plan, MigrationResult Result)> MoveAsync(LiveMigration.Domains.LibvirtDomain domain, LiveMigration.Hosts.LibvirtHost to, MigrationOptions options)
    {
        var plan = await domain.PlanMigrationAsync(to, options);
        var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        return (plan, result);
    }

    [LabFact]
    public async Task Renamed_when_asked_and_whole()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2");
        await MovedAsync(guest, SourceDisk.Rename);
        var left = Assert.Single(await ImagesAsync("a", guest));
        Assert.StartsWith($"{guest.Name}-vda.qcow2.moved-", left, StringComparison.Ordinal);
        await LabHosts.RunAsync("sh", "a", "qemu-img", "check", "-q", "-f", "qcow2", $"{Images}/{left}");
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task What_something_else_needs_is_kept_and_said()
    {
        await using var guest = await lab.GuestAsync("disk=local", "diskrate=2");
        var (image, link, overlay) = ($"{Images}/{guest.Name}-vda.qcow2", $"{Images}/{guest.Name}-vdx.link", $"{Images}/{guest.Name}-vdy.qcow2");
        await using var other = new LabHosts.Guest(lab, guest.Name + "x");
        await LabHosts.RunAsync("guest", other.Name, "a", "disk=local", "start=0");
        // A domain that does not run has it under another path, and an image that no domain has lies on it.
        await LabHosts.RunAsync("sh", "a", "sh", "-c", $"ln -s {image} {link} && qemu-img create -q -f qcow2 -b {link} -F qcow2 {overlay}");
        await other.RedefineAsync(xml => xml.Replace($"{Images}/{other.Name}-vda.qcow2", link, StringComparison.Ordinal));
        var fact = await MovedAsync(guest, SourceDisk.Remove, isTrue: false);
        Assert.Contains($"used by '{other.Name}', '{overlay}'", fact, StringComparison.Ordinal);
        await LabHosts.RunAsync("sh", "a", "test", "-e", image);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task An_image_in_a_folder_that_others_reach_is_not_to_be_removed()
    {
        await using var guest = await lab.GuestAsync("disk=shared", "diskrate=2");
        var options = new MigrationOptions
        {
            AllowUnsafe = true,
            DiskMap = new Dictionary<string, string> { ["vda"] = $"/var/lib/libvirt/shared/{guest.Name}-vdx.qcow2" },
            Storage = new StorageOptions { Copy = CopyStorage.Full, SourceDisk = SourceDisk.Remove },
        };
        var error = await Assert.ThrowsAsync<LiveMigrationException>(async () => await (await guest.OnA).PlanMigrationAsync(lab.B, options));
        Assert.Equal(Faults.SourceImageNotLocal, error.Fault);
        await guest.ShouldBeWholeAsync("a");
    }

    /// <summary>What was found of the image at the source.</summary>
    private async Task<string> MovedAsync(LabHosts.Guest guest, SourceDisk asked, bool isTrue = true)
    {
        var options = new MigrationOptions { Storage = new StorageOptions { SourceDisk = asked } };
        var result = await (await (await guest.OnA).PlanMigrationAsync(lab.B, options)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        if (asked is SourceDisk.Keep)
            return "";
        var fact = Assert.Single(result.Verified, fact => fact.What.StartsWith(Images, StringComparison.Ordinal));
        Assert.True(fact.IsTrue == isTrue, fact.Found);
        return fact.Found;
    }

    private static async Task<string[]> ImagesAsync(string host, LabHosts.Guest guest) =>
        [.. (await LabHosts.RunAsync("sh", host, "ls", Images)).Split('\n').Where(name => name.StartsWith(guest.Name + "-", StringComparison.Ordinal))];
}
