using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Units;
using static LiveMigration.Tests.Lab.LabHosts;

namespace LiveMigration.Tests.Lab;

/// <summary>What real hosts look like, and libvirt agrees: names that do not resolve, another QEMU, media of one host, bridges that are not there.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class FieldCaseTests(LabHosts lab)
{
    private const string Images = "/var/lib/libvirt/images";

    /// <summary>
    /// B016, B020, B028 and B046 in one journey: b's name means nothing to a, its QEMU is elsewhere, a CD and the floppy of an old installation are on a
    /// alone, as is a seed of cloud-init that the guest has long read, and the guest stands still for seconds.
    /// </summary>
    [LabFact]
    public async Task B016_B020_B028_B046_a_guest_of_another_distribution_goes_to_a_host_without_a_name()
    {
        await using var guest = await lab.GuestAsync("start=0", "disk=local", "diskrate=1");
        var name = guest.Name;
        await OnHostAsync("a", $"ln -sf /usr/bin/qemu-system-x86_64 /var/lib/libvirt/qemu-kvm; for medium in cd.iso old.vfd seed.iso; do truncate -s 1440K {Images}/{name}-$medium; done");
        await guest.RedefineAsync(xml => xml
            .Replace("<emulator>/usr/bin/qemu-system-x86_64<", "<emulator>/var/lib/libvirt/qemu-kvm<", StringComparison.Ordinal)
            .Replace("</devices>", $"""
                <disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='{Images}/{name}-cd.iso' startupPolicy='optional'/><target dev='hda' bus='ide'/><readonly/></disk>
                <disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='{Images}/{name}-seed.iso' startupPolicy='requisite'/><target dev='hdb' bus='ide'/><readonly/></disk>
                <disk type='file' device='floppy'><driver name='qemu' type='raw'/><source file='{Images}/{name}-old.vfd' startupPolicy='optional'/><target dev='fda' bus='fdc'/></disk>
                </devices>
                """, StringComparison.Ordinal));
        await guest.StartAsync();
        await OnHostAsync("a", "cp /etc/hosts /root/hosts; sed '/[[:space:]]b\\(\\.lab\\)*/d' /root/hosts > /etc/hosts; ! getent hosts b");
        // The lab's hosts say where they want to be sent to; most do not.
        await OnHostAsync("b", "cp /etc/libvirt/qemu.conf /root/; grep -v migration_host /root/qemu.conf > /etc/libvirt/qemu.conf");
        await RunAsync("daemon", "b", "restart");
        try
        {
            using var a = await ConnectAsync("a", "ssh");
            var report = await new ReadinessAudit(selection: new() { Checks = ["LM014", "LM059", "LM078", "LM080", "LM086"] }).TestAsync(await a.GetDomainAsync(name), lab.B);
            Assert.True(report.IsReady, string.Join('\n', report.Blockers));
            Assert.Equal(["LM014", "LM059", "LM086 fda", "LM086 hda", "LM086 hdb"], report.Warnings.Select(finding => $"{finding.Id} {finding.Subject}".Trim()).Order());
            var plan = await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { Bandwidth = Bandwidth.Parse("4MiB/s"), Timeout = Duration.Parse("2s"), OnTimeout = TimeoutAction.Suspend });
            var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(4));
            Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
            Assert.All(result.Verified, fact => Assert.True(fact.IsTrue, $"{fact}"));
            Assert.Contains(result.Notices, notice => notice.Contains("name resolution", StringComparison.Ordinal) && notice.Contains("is sent to 10.", StringComparison.Ordinal));
            Assert.Contains(result.Notices, notice => notice.StartsWith($"hda of '{name}' is empty now", StringComparison.Ordinal));
            Assert.Contains(result.Notices, notice => notice.Contains("no agent has set its clock", StringComparison.Ordinal));
            await guest.ShouldBeWholeAsync("b");
            Assert.Contains("<emulator>/usr/bin/qemu-system-x86_64<", await RunAsync("virsh", "b", "dumpxml", "--inactive", name), StringComparison.Ordinal);
        }
        finally
        {
            await OnHostAsync("b", "cat /root/qemu.conf > /etc/libvirt/qemu.conf");
            await RunAsync("daemon", "b", "restart");
            await OnHostAsync("a", $"cat /root/hosts > /etc/hosts; rm -f /var/lib/libvirt/qemu-kvm {Images}/{name}-*.iso {Images}/{name}-*.vfd");
        }
    }

    /// <summary>B015, B032 and what listens: reported before, libvirt fails with it, and the command that is given fixes it.</summary>
    [LabFact]
    public async Task B015_B032_what_a_network_stands_on_is_told_and_libvirt_agrees()
    {
        await using var guest = await lab.GuestAsync("nic=network");
        var proof = new ReadinessProof(lab, guest.Name);
        var network = await RunAsync("virsh", "b", "net-dumpxml", "--inactive", "virtual");
        await proof.FixedAsync(
            "LM075", () => NetworkAsync(network.Replace("bridge name='virtual'", "bridge name='nosuch'", StringComparison.Ordinal)), forced: "nosuch",
            clean: async () =>
            {
                await NetworkAsync(network);
                await OnHostAsync("b", "ip link del nosuch");
            });
        await NetworkAsync(network.Replace("bridge name='virtual'", "bridge name='eth0'", StringComparison.Ordinal));
        using var b = await ConnectAsync("b", "ssh");
        var report = await new ReadinessAudit(selection: new() { Checks = ["LM075"] }).TestAsync(await guest.OnA, b);
        Assert.Contains("eth0 on b is not a bridge.", Assert.Single(report.Failed).Evidence, StringComparison.Ordinal);
        await NetworkAsync(network);
        proof.Conclude(repaired: 1);
    }

    /// <summary>B030: what the fix saves is had again on the destination, and the next backup builds on it.</summary>
    [LabFact]
    public async Task B030_checkpoints_are_saved_with_their_bitmaps()
    {
        await using var guest = await lab.GuestAsync("disk=shared", "diskrate=1");
        var name = guest.Name;
        await RunAsync("virsh", "a", "checkpoint-create-as", name, "mon");
        await RunAsync("virsh", "a", "checkpoint-create-as", name, "tue");
        var finding = (await new ReadinessAudit(selection: new() { Checks = ["LM035"] }).TestAsync(await guest.OnA, lab.B)).Findings.Single();
        var folder = Directory.CreateTempSubdirectory("checkpoints");
        await TypedCommand.RunAsync($"cd {folder.FullName}; {finding.Fix}", lab, name);
        var result = await (await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { Storage = new() { AssumeShared = ["vda"] } })).Start().Completion.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        foreach (var checkpoint in Checkpoints)
            await RunAsync("virsh", "b", "checkpoint-create", name, Path.Combine(folder.FullName, $"{name}-{checkpoint}.xml"), "--redefine");
        Assert.Equal(["mon", "tue"], (await RunAsync("virsh", "b", "checkpoint-list", name, "--name")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var backup = Path.GetTempFileName();
        await File.WriteAllTextAsync(backup, $"<domainbackup mode='push'><incremental>tue</incremental><disks><disk name='vda' type='file'><target file='{Images}/{name}-backup.qcow2'/><driver type='qcow2'/></disk></disks></domainbackup>");
        await RunAsync("virsh", "b", "backup-begin", name, backup);
        await guest.ShouldBeWholeAsync("b");
        File.Delete(backup);
        folder.Delete(recursive: true);
        await OnHostAsync("b", $"rm -f {Images}/{name}-backup.qcow2");
    }

    private static readonly string[] Checkpoints = ["mon", "tue"];

    private static async Task NetworkAsync(string xml)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, xml);
        await RunAsync("virsh", "b", "net-destroy", "virtual");
        await RunAsync("virsh", "b", "net-undefine", "virtual");
        await RunAsync("virsh", "b", "net-define", file);
        await RunAsync("virsh", "b", "net-start", "virtual");
        await RunAsync("virsh", "b", "net-autostart", "virtual");
        File.Delete(file);
    }

    private static Task<string> OnHostAsync(string host, string script) => RunAsync("sh", host, "bash", "-c", script);
}
