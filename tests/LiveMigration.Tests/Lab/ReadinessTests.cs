using LiveMigration.Domains;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;
using static LiveMigration.Tests.Lab.LabHosts;

namespace LiveMigration.Tests.Lab;

/// <summary>R1 to R3: hosts and VMs really are in the way, and libvirt agrees.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class ReadinessTests(LabHosts lab)
{
    private const string Images = "/var/lib/libvirt/images";
    private static readonly MigrationOptions CopyNone = new() { Storage = new() { Copy = CopyStorage.None } };
    private static readonly MigrationOptions CopyFull = new() { Storage = new() { Copy = CopyStorage.Full } };

    [LabFact]
    public async Task R2_what_is_in_the_way_is_told_and_the_command_that_is_told_fixes_it()
    {
        await using var guest = await lab.GuestAsync("disk=local", "nic=network");
        var (name, proof) = (guest.Name, new ReadinessProof(lab, guest.Name));
        var definition = await RunAsync("virsh", "a", "dumpxml", "--inactive", name);
        await proof.FixedAsync("LM084", () => OnHostB($"mount -t tmpfs -o size=48m none {Images}"), clean: () => OnHostB($"umount {Images}"));
        await proof.FixedAsync("LM075", () => OnB("net-destroy", "virtual"), forced: "network 'virtual' is not active");
        await RunAsync("virsh", "a", "autostart", name);
        var network = await OnB("net-dumpxml", "--inactive", "virtual");
        await proof.FixedAsync("LM019", () => NetworkOnBAsync(network.Replace("<forward mode='bridge'/>", "", StringComparison.Ordinal).Replace("bridge name='virtual'", "bridge name='other'", StringComparison.Ordinal)));
        await proof.FixedAsync("LM039", () => OnB("net-autostart", "virtual", "--disable"));
        await RunAsync("virsh", "a", "autostart", name, "--disable");
        await proof.FixedAsync("LM081", () => OnB("pool-destroy", "default"));
        await proof.FixedAsync("LM033", () => OnA("blockcopy", name, "vda", $"{Images}/copy.qcow2", "--transient-job", "--bandwidth", "1"), forced: "domain has active block job");
        await proof.FixedAsync("LM030", () => OnA("suspend", name), options: new() { PostCopy = true });
        await proof.FixedAsync("LM034", () => OnA("snapshot-create-as", name, "one"), forced: "snapshots");
        await proof.FixedAsync("LM035", () => OnA("checkpoint-create-as", name, "one"));
        await proof.FixedAsync("LM037", () => OnA("undefine", name), options: new() { KeepSource = true });
        await proof.FixedAsync("LM038", () => OnA("setvcpus", name, "2", "--config", "--maximum"));
        await proof.FixedAsync("LM044", () => DefineAsync("b", definition.Replace($"<name>{name}<", "<name>other<", StringComparison.Ordinal)), forced: "already");
        await proof.FixedAsync("LM014", () => OnHostB("hostname localhost"), clean: () => OnHostB("hostname b"));
        await proof.FixedAsync("LM015", () => OnHostB("nft add table inet filter; nft add chain inet filter input '{ type filter hook input priority 0; }'; nft add rule inet filter input tcp dport 49152-49215 drop"), clean: () => OnHostB("nft delete table inet filter"));
        // What libvirt made for a migration that failed, it leaves there.
        await OnHostB($"rm -f {Images}/{name}-vda.qcow2");
        await proof.FixedAsync("LM087", () => OnHostB($"qemu-img create -q -f qcow2 {Images}/{name}-vda.qcow2 64M"), clean: () => OnHostB($"rm {Images}/{name}-vda.qcow2"));
        await proof.FixedAsync("LM083", () => OnHostB($"qemu-img create -q -f qcow2 {Images}/{name}-vda.qcow2 32M"), options: CopyFull, forced: "different sizes", clean: () => OnHostB($"rm {Images}/{name}-vda.qcow2"));
        await proof.FixedAsync("LM071", () => AttachAsync(name, "<shmem name='pond'><model type='ivshmem-plain'/><size unit='M'>1</size></shmem>"), forced: "'peer mode' in device 'ivshmem'");
        await proof.FixedAsync("LM076", () => AttachAsync(name, "<interface type='user'><mac address='52:54:00:5a:7e:01'/><model type='virtio'/></interface>"));
        await proof.FixedAsync("LM032", () => MigrateSlowlyAsync(guest));
        await proof.FixedAsync("LM002", () => RunAsync("daemon", "b", "stop"), () => RunAsync("daemon", "b", "start"), forced: "Connection refused");
        await guest.ShouldBeWholeAsync("a");
        await proof.FixedAsync("LM029", () => OnA("destroy", name), forced: "domain is not running");
        await proof.FixedAsync("LM040", () => OnA("managedsave", name), options: new() { Offline = true });
        proof.Conclude(repaired: 21);
    }

    /// <summary>B001: what matters is whether it has run here, and not that it came and is paused.</summary>
    [LabFact]
    public async Task B001_a_guest_that_arrived_paused_is_told_from_one_that_was_paused_later()
    {
        await using var guest = await lab.GuestAsync();
        await OnA("suspend", guest.Name);
        Assert.Equal(MigrationOutcome.Completed, (await (await (await guest.OnA).PlanMigrationAsync(lab.B)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(2))).Outcome);
        Assert.Equal(CheckStatus.Fail, await StatusAsync());
        await OnB("resume", guest.Name);
        await Task.Delay(2000);
        await OnB("suspend", guest.Name);
        Assert.Equal(CheckStatus.Pass, await StatusAsync());
        await OnB("resume", guest.Name);

        async Task<CheckStatus> StatusAsync() =>
            (await new ReadinessAudit(selection: new() { Checks = ["LM102"] }).TestAsync(await guest.OnB, lab.A)).Findings.Single().Status;
    }

    [LabFact]
    public async Task R1_options_that_cannot_be_are_told_and_libvirt_agrees()
    {
        await using var guest = await lab.GuestAsync("disk=local", "nic=network");
        var proof = new ReadinessProof(lab, guest.Name);
        var xml = await RunAsync("virsh", "a", "dumpxml", "--migratable", guest.Name);
        await proof.ToldAsync("LM078", CopyNone, forced: "Migration without shared storage is unsafe");
        await proof.ToldAsync("LM080", CopyNone, forced: "No such file", arguments: "--unsafe");
        await proof.ToldAsync("LM089", new() { Compression = MigrationCompression.Zstd, Parallel = 2 }, "Unsupported compression method 'zstd'", "--copy-storage-all", "--comp-methods", "zstd", "--compressed");
        await proof.ToldAsync("LM090", new() { PostCopy = true, Parallel = 2 });
        await proof.ToldAsync("LM009", new() { MigrationUri = "xen://10.0.0.1" }, "unsupported scheme xen", "--copy-storage-all", "--migrateuri", "xen://10.0.0.1");
        await proof.ToldAsync("LM017", new() { ListenAddress = "127.0.0.1" }, "Connection refused", "--copy-storage-all", "--listen-address", "127.0.0.1");
        await proof.ToldAsync("LM003", new() { DestinationUri = "qemu+tcp://127.0.0.1:9/system" });
        await proof.ToldAsync("LM028", new() { MigrationUri = "unix:///tmp/pond" }, "Explicit destination hostname", "--copy-storage-all", "--tls", "--migrateuri", "unix:///tmp/pond", "--disks-uri", "unix:///tmp/disks");
        // On a busy machine a guest may not get to write for a second.
        for (var tries = 0; tries < 30 && (await (await guest.OnA).MeasureDirtyRateAsync(TimeSpan.FromSeconds(1))).Rate is null or 0; tries++)
            await Task.Delay(100);
        await proof.ToldAsync("LM095", new() { Bandwidth = Bandwidth.Parse("1MiB/s") });
        await proof.ToldAsync("LM096", new() { Bandwidth = Bandwidth.Parse("100MiB/s"), Timeout = TimeSpan.FromMilliseconds(50) });
        var busy = await new ReadinessAudit(new() { Thresholds = new() { CpuBusy = -1 } }, new() { Checks = ["LM049"] }).TestAsync(await guest.OnA, lab.B);
        Assert.Equal(["a", "b"], busy.Warnings.Select(finding => finding.Subject));
        var filtered = xml.Replace("</interface>", "<filterref filter='pond'/></interface>", StringComparison.Ordinal);
        Assert.NotEqual(xml, filtered);
        await WithFileAsync("<filter name='pond'/>", file => OnA("nwfilter-define", file));
        await proof.ToldAsync("LM077", new() { DestinationXml = filtered });
        await OnA("nwfilter-undefine", "pond");
        await OnB("nwfilter-undefine", "pond");
        var pinned = xml.Replace("<vcpu placement='static'>", "<vcpu placement='static' cpuset='500'>", StringComparison.Ordinal);
        Assert.NotEqual(xml, pinned);
        Assert.Contains("CPU", (await proof.TestAsync(new() { DestinationXml = pinned }, "LM065")).Failed[0].Evidence, StringComparison.Ordinal);
        await WithFileAsync(pinned, file => proof.FailsAsync("b", "CPU affinity", "--copy-storage-all", "--xml", file));
        await proof.ToldAsync("LM041");
        await guest.ShouldBeWholeAsync("a");
        proof.Conclude(repaired: 11);
    }

    [LabFact]
    public async Task R1_devices_that_would_not_arrive_are_told_and_QEMU_agrees()
    {
        await using var guest = await lab.GuestAsync("start=0", "disk=local", "vcpus=3");
        var name = guest.Name;
        var address = (await UriAsync("a")).Split('/')[2];
        await RunAsync("sh", "a", "truncate", "-s", "1M", $"{Images}/{name}-cd.qcow2");
        var xml = (await RunAsync("virsh", "a", "dumpxml", "--inactive", name))
            .Replace("check='partial'", "check='none'", StringComparison.Ordinal)
            .Replace("</devices>", $"""
                <disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='{Images}/{name}-cd.qcow2'/><target dev='hda' bus='ide'/><readonly/></disk>
                <graphics type='vnc' port='-1' autoport='yes'><listen type='address' address='{address}'/></graphics>
                <parallel type='tcp'><source mode='bind' host='{address}' service='4555'/><protocol type='raw'/></parallel>
                </devices>
                """, StringComparison.Ordinal);
        await DefineAsync("a", xml);
        await OnA("start", name);
        var proof = new ReadinessProof(lab, name);
        var rdma = new MigrationOptions { MigrationUri = "rdma://10.0.0.1" };
        await proof.FailsAsync("b", "no memory hard limit", "--copy-storage-all", "--migrateuri", "rdma://10.0.0.1");
        await proof.FixedWhenItStartsAsync(
            () => OnA("destroy", name), ("LM048", null), ("LM056", null), ("LM074", null), ("LM092", new() { ZeroCopy = true, Parallel = 2 }), ("LM093", rdma));
        // The lab may not let QEMU lock memory.
        await OnA("memtune", name, "--hard-limit", "-1", "--config");
        await OnA("start", name);
        await proof.ToldAsync("LM073", MigrationOptions.Default);
        await proof.FixedAsync("LM042", () => AttachVdiAsync(name), forced: "does not support live migration");
        await proof.FailsAsync("b", "No such file", "--copy-storage-all");
        await proof.ToldAsync("LM086", MigrationOptions.Default);
        proof.Conclude(repaired: 8);
    }

    [LabFact]
    public async Task R1_what_libvirt_does_not_tell_is_looked_up_by_ssh()
    {
        await using var guest = await lab.GuestAsync();
        using var a = await ConnectAsync("a", "ssh");
        using var b = await ConnectAsync("b", "ssh");
        var domain = await a.GetDomainAsync(guest.Name);
        var off = new MigrationOptions { Tls = MigrationTls.Off };
        Assert.Equal([CheckStatus.Pass], await StatusesAsync("LM011"));
        Assert.Equal([CheckStatus.Pass], await StatusesAsync("LM067"));
        Assert.Equal([CheckStatus.Pass, CheckStatus.Pass], await StatusesAsync("LM023"));
        await OnHostB("cp /etc/libvirt/qemu.conf /root/; printf 'migrate_tls_force = 1\\nlock_manager = \"lockd\"\\n' >> /etc/libvirt/qemu.conf");
        try
        {
            Assert.Equal([CheckStatus.Pass, CheckStatus.Fail], await StatusesAsync("LM023"));
            off = await TypedCommand.RunAsync((await FindingsAsync("LM023"))[1].Fix, lab, guest.Name);
            Assert.Equal([CheckStatus.Skipped], await StatusesAsync("LM023"));
            Assert.Equal([CheckStatus.Pass, CheckStatus.Pass], await StatusesAsync("LM022"));
            await OnHostB("mv /etc/pki/qemu/server-cert.pem /root/");
            Assert.Equal("b has no /etc/pki/qemu/server-cert.pem.", (await FindingsAsync("LM022"))[1].Evidence);
            await OnHostB("mv /root/server-cert.pem /etc/pki/qemu/");
            Assert.Equal([CheckStatus.Fail], await StatusesAsync("LM067"));
            await TypedCommand.RunAsync((await FindingsAsync("LM067"))[0].Fix, lab, guest.Name);
            Assert.Equal([CheckStatus.Pass], await StatusesAsync("LM067"));
        }
        finally
        {
            await OnHostB("cp /root/qemu.conf /etc/libvirt/");
        }

        async Task<IReadOnlyList<ReadinessFinding>> FindingsAsync(string id) =>
            (await new ReadinessAudit(selection: new() { Checks = [id] }).TestAsync(domain, b, off)).Findings;

        async Task<IEnumerable<CheckStatus>> StatusesAsync(string id) => (await FindingsAsync(id)).Select(finding => finding.Status);
    }

    [LabFact]
    public async Task R1_a_VM_goes_to_no_host_that_it_is_on()
    {
        await using var guest = await lab.GuestAsync();
        var report = await new ReadinessAudit().TestAsync(await guest.OnA, lab.A);
        Assert.Equal(["LM004", "LM044"], report.Blockers.Select(finding => finding.Id));
        await new ReadinessProof(lab, guest.Name).FailsAsync("a", "Attempt to migrate guest to the same host");
        Assert.Equal(ReadinessVerdict.NotReady, report.Verdict);
    }

    [LabFact]
    public async Task R1_a_VM_that_passes_migrates()
    {
        await using var guest = await lab.GuestAsync("disk=nbd,local", "nic=network");
        var report = await new ReadinessAudit().TestAsync(await guest.OnA, lab.B);
        Assert.True(report.IsReady, string.Join('\n', report.Blockers));
        var result = await (await (await guest.OnA).PlanMigrationAsync(lab.B)).Start().Completion;
        Assert.Equal(MigrationVerdict.Moved, result.Verdict);
        await guest.ShouldBeWholeAsync("b");
    }

    private static Task<string> OnA(params string[] words) => RunAsync(["virsh", "a", .. words]);

    private static Task<string> OnB(params string[] words) => RunAsync(["virsh", "b", .. words]);

    private static Task<string> OnHostB(string script) => RunAsync("sh", "b", "bash", "-c", script);

    private static Task DefineAsync(string host, string xml) => WithFileAsync(xml, file => RunAsync("virsh", host, "define", file));

    private static Task AttachAsync(string name, string device) => WithFileAsync(device, file => OnA("attach-device", name, file, "--live"));

    private static async Task WithFileAsync(string text, Func<string, Task> use)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text);
        await use(file);
        File.Delete(file);
    }

    /// <summary>A network of the same name, made in another way, and not started.</summary>
    private static async Task NetworkOnBAsync(string xml)
    {
        if ((await OnB("net-list", "--name")).Contains("virtual", StringComparison.Ordinal))
            await OnB("net-destroy", "virtual");
        await WithFileAsync(xml, file => OnB("net-define", file));
    }

    /// <summary>QEMU cannot move a VDI image.</summary>
    private static async Task AttachVdiAsync(string name)
    {
        await RunAsync("sh", "a", "qemu-img", "create", "-q", "-f", "vdi", $"{Images}/{name}.vdi", "1M");
        await OnA("attach-disk", name, $"{Images}/{name}.vdi", "vdz", "--subdriver", "vdi", "--live");
    }

    private async Task MigrateSlowlyAsync(Guest guest)
    {
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, new() { Bandwidth = Bandwidth.Parse("2MiB/s") })).Start();
        while (run.Progress.Phase is not MigrationPhase.Copying && !run.Completion.IsCompleted)
            await Task.Delay(50);
    }

    private static async Task StopAsync(Guest guest)
    {
        if (MigrationRuns.Of(await guest.OnA) is { } run)
            await run.StopAsync();
    }
}
