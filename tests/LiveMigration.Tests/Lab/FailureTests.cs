using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>M4: when it goes wrong, the error names the cause and one copy runs.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class FailureTests(LabHosts lab)
{
    /// <summary>Slow enough for something to happen in the middle.</summary>
    private static readonly MigrationOptions Slow = new() { Bandwidth = Bandwidth.Parse("20MiB/s"), StallTimeout = Duration.Parse("5s") };

    [LabFact]
    public async Task A_domain_that_is_not_there() =>
        Assert.Equal(Faults.DomainNotFound, (await Fails(() => lab.A.GetDomainAsync("nosuch"))).Fault);

    [LabFact]
    public async Task A_host_whose_name_nobody_knows() =>
        Assert.Equal(Faults.HostNotFound, (await Fails(() => LibvirtHost.ConnectAsync("x", HostUri.Parse("qemu+tcp://nosuch.invalid/system")))).Fault);

    [LabFact]
    public async Task A_host_that_refuses() =>
        Assert.Equal(Faults.HostUnreachable, (await Fails(() => LibvirtHost.ConnectAsync("x", HostUri.Parse("qemu+tcp://127.0.0.1:9/system")))).Fault);

    [LabFact]
    public async Task A_uri_of_a_driver_that_the_host_does_not_have()
    {
        var uri = HostUri.Parse((await LabHosts.UriAsync("b")).Replace("qemu+", "bhyve+", StringComparison.Ordinal));
        Assert.Equal(Faults.UriInvalid, (await Fails(() => LibvirtHost.ConnectAsync("x", uri))).Fault);
    }

    [LabFact]
    public async Task A_host_that_keeps_silent()
    {
        var uri = HostUri.Parse(await LabHosts.UriAsync("b"));
        await LabHosts.RunAsync("daemon", "b", "pause");
        try
        {
            var options = new HostOptions { ConnectTimeout = TimeSpan.FromSeconds(2) };
            Assert.Equal(Faults.HostNotAnswering, (await Fails(() => LibvirtHost.ConnectAsync("b", uri, options))).Fault);
        }
        finally
        {
            await LabHosts.RunAsync("daemon", "b", "continue");
        }
    }

    [LabFact]
    public async Task Source_and_destination_that_are_one_host()
    {
        await using var guest = await lab.GuestAsync();
        var domain = await guest.OnA;
        using var again = await LabHosts.ConnectAsync("a", "tls");
        var error = await Fails(() => domain.PlanMigrationAsync(again));
        Assert.Equal(Faults.SameHost, error.Fault);
    }

    [LabFact]
    public async Task A_domain_that_is_shut_off()
    {
        await using var guest = await lab.GuestAsync("start=0");
        var domain = await guest.OnA;
        Assert.Equal(Faults.DomainNotRunning, (await Fails(() => domain.PlanMigrationAsync(lab.B))).Fault);
    }

    [LabFact]
    public async Task A_domain_of_that_name_on_the_destination()
    {
        await using var guest = await lab.GuestAsync();
        var domain = await guest.OnA;
        var xml = (await LabHosts.RunAsync("guest-xml", guest.Name)).Replace(domain.Uuid.ToString(), Guid.NewGuid().ToString(), StringComparison.OrdinalIgnoreCase);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, xml);
        await LabHosts.RunAsync("virsh", "b", "define", file);
        File.Delete(file);
        var error = await Fails(() => domain.PlanMigrationAsync(lab.B));
        Assert.Equal((Faults.DomainExists, "b"), (error.Fault, error.Host));
    }

    [LabFact]
    public async Task More_memory_than_the_destination_has()
    {
        var host = await lab.B.GetInfoAsync();
        var mebibytes = File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        await using var guest = await lab.GuestAsync($"memory={long.Parse(mebibytes, null) / 1024 - 256}", "wait=0");
        var domain = await guest.OnA;
        var error = await Fails(() => domain.PlanMigrationAsync(lab.B));
        Assert.Equal((Faults.InsufficientMemory, host.Name), (error.Fault, error.Host));
    }

    /// <summary>M6: libvirt doubts it, and a marker has shown it.</summary>
    [LabFact]
    public async Task Disks_that_do_not_look_shared_and_are()
    {
        await using var guest = await lab.GuestAsync("disk=shared");
        var result = await RunAsync(await guest.OnA, MigrationOptions.Default);
        Assert.True(result.Verdict is MigrationVerdict.Moved, result.Error);
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>QEMU drops its caches since 4.0, and libvirt knows; of this guest it is told that its QEMU does not.</summary>
    [LabFact(Needs = "/dev/loop-control")]
    public async Task A_shared_disk_in_a_cache_that_may_lose_data()
    {
        await using var guest = await lab.GuestAsync("start=0");
        var device = await LoopAsync(guest);
        try
        {
            await guest.RedefineAsync(xml => xml
                .Replace("</devices>", $"<disk type='block' device='disk'><driver name='qemu' type='raw' cache='writeback'/><source dev='{device}'/><target dev='vda' bus='virtio'/></disk></devices>", StringComparison.Ordinal)
                .Replace("</domain>", "<qemu:capabilities><qemu:del capability='migration-file-drop-cache'/></qemu:capabilities></domain>", StringComparison.Ordinal));
            await guest.StartAsync();
            Assert.Equal(Faults.DiskNotShared, (await Fails(async () => await RunAsync(await guest.OnA, MigrationOptions.Default))).Fault);
            var shared = MigrationOptions.Default with { Storage = new StorageOptions { AssumeShared = ["vda"] } };
            await Stayed(guest, await RunAsync(await guest.OnA, shared), Faults.UnsafeCache);
            var allowed = await RunAsync(await guest.OnA, shared with { AllowUnsafe = true });
            Assert.Equal(MigrationVerdict.Moved, allowed.Verdict);
            await guest.ShouldBeWholeAsync("b");
            await LabHosts.RunAsync("virsh", "b", "destroy", guest.Name);
        }
        finally
        {
            await LabHosts.RunAsync("sh", "a", "losetup", "--detach", device);
        }
    }

    [LabFact]
    public async Task A_disk_that_the_destination_cannot_open()
    {
        await using var guest = await lab.GuestAsync("start=0");
        await LabHosts.RunAsync("sh", "a", "truncate", "-s", "1M", "/var/lib/libvirt/seed.iso");
        await guest.RedefineAsync(xml => xml.Replace(
            "</devices>", "<disk type='file' device='cdrom'><source file='/var/lib/libvirt/seed.iso'/><target dev='sda' bus='sata'/><readonly/></disk></devices>", StringComparison.Ordinal));
        await guest.StartAsync();
        var result = await RunAsync(await guest.OnA, MigrationOptions.Default);
        await Stayed(guest, result, Faults.DiskNotAccessible);
    }

    [LabFact]
    public async Task A_migration_address_that_the_source_cannot_resolve()
    {
        await using var guest = await lab.GuestAsync();
        var result = await RunAsync(await guest.OnA, new MigrationOptions { MigrationUri = "tcp://nosuch.lab" });
        await Stayed(guest, result, Faults.SourceNotResolving);
    }

    [LabFact]
    public async Task A_migration_port_that_nobody_listens_on()
    {
        await using var guest = await lab.GuestAsync();
        var result = await RunAsync(await guest.OnA, new MigrationOptions { MigrationUri = $"tcp://{lab.A.Uri.Host}:49999" });
        await Stayed(guest, result, Faults.MigrationPortUnreachable);
    }

    [LabFact]
    public async Task A_migration_that_is_under_way_already()
    {
        await using var guest = await lab.GuestAsync();
        var run = await StartAsync(await guest.OnA, Slow);
        var domain = await guest.OnA;
        Assert.Equal(Faults.MigrationInProgress, (await Fails(() => domain.PlanMigrationAsync(lab.B))).Fault);
        await run.StopAsync();
    }

    [LabFact]
    public async Task A_stop_in_the_middle_by_the_source()
    {
        await using var guest = await lab.GuestAsync();
        var result = await (await StartAsync(await guest.OnA, Slow)).StopAsync();
        Assert.Equal(MigrationOutcome.Cancelled, result.Outcome);
        await Stayed(guest, result, Faults.Stopped);
    }

    [LabFact]
    public async Task A_stop_in_the_middle_by_the_client()
    {
        await using var guest = await lab.GuestAsync();
        var result = await (await StartAsync(await guest.OnA, Slow with { Mode = MigrationMode.Direct })).StopAsync();
        await Stayed(guest, result, Faults.Stopped);
    }

    [LabFact]
    public async Task A_timeout()
    {
        await using var guest = await lab.GuestAsync("rate=60");
        var result = await RunAsync(await guest.OnA, Slow with { Timeout = Duration.Parse("3s") });
        await Stayed(guest, result, Faults.Timeout);
    }

    [LabFact]
    public async Task A_link_that_is_cut_and_restored()
    {
        await using var guest = await lab.GuestAsync();
        var run = await StartAsync(await guest.OnA, Slow with { StallTimeout = Duration.Parse("20s") });
        await LabHosts.RunAsync("link", "b", "cut");
        await Task.Delay(2000);
        await LabHosts.RunAsync("link", "b", "restore");
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public Task A_link_that_stays_cut_with_the_source_steering() => LinkStaysCut(MigrationMode.PeerToPeer);

    [LabFact]
    public Task A_link_that_stays_cut_with_the_client_steering() => LinkStaysCut(MigrationMode.Direct);

    [LabFact]
    public async Task A_destination_whose_qemu_is_killed()
    {
        await using var guest = await lab.GuestAsync();
        var run = await StartAsync(await guest.OnA, Slow);
        await LabHosts.RunAsync("sh", "b", "pkill", "-9", "-f", "qemu-system.*guest=" + guest.Name);
        await Stayed(guest, await run.Completion, Faults.DestinationQemuFailed);
    }

    [LabFact]
    public async Task A_source_whose_qemu_is_killed_is_a_loss_and_is_called_one()
    {
        await using var guest = await lab.GuestAsync();
        var run = await StartAsync(await guest.OnA, Slow);
        await LabHosts.RunAsync("sh", "a", "pkill", "-9", "-f", "qemu-system.*guest=" + guest.Name);
        var result = await run.Completion;
        Assert.Equal((MigrationVerdict.Lost, Faults.DomainLost), (result.Verdict, result.Fault));
        Assert.Equal((DomainState.ShutOff, "crashed"), ((await guest.OnA).State, (await guest.OnA).Reason));
    }

    [LabFact]
    public async Task A_destination_whose_qemu_is_killed_in_post_copy_is_a_loss_and_is_called_one()
    {
        await using var guest = await lab.GuestAsync("memory=256", "ws=128", "rate=100");
        await LabHosts.RunAsync("link", "b", "rate", "100mbit");
        try
        {
            var run = await StartAsync(await guest.OnA, Slow with { PostCopy = true });
            await run.SwitchToPostCopyAsync();
            while (!run.IsPostCopy && !run.Completion.IsCompleted)
                await Task.Delay(20);
            await LabHosts.RunAsync("sh", "b", "pkill", "-9", "-f", "qemu-system.*guest=" + guest.Name);
            var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
            Assert.Equal((MigrationVerdict.Lost, Faults.DomainLost), (result.Verdict, result.Fault));
            Assert.Equal("Paused (post-copy failed)", (await guest.OnA).Status.ToString());
        }
        finally
        {
            await LabHosts.RunAsync("link", "b", "norate");
        }
    }

    [LabFact]
    public Task A_destination_whose_daemon_is_killed_with_the_source_steering() => DestinationDaemonDies(MigrationMode.PeerToPeer);

    [LabFact]
    public Task A_destination_whose_daemon_is_killed_with_the_client_steering() => DestinationDaemonDies(MigrationMode.Direct);

    [LabFact]
    public Task A_source_whose_daemon_is_killed_while_it_steers() => SourceDaemonDies(MigrationMode.PeerToPeer);

    [LabFact]
    public Task A_source_whose_daemon_is_killed_while_the_client_steers() => SourceDaemonDies(MigrationMode.Direct);

    /// <summary>A block device that both hosts have.</summary>
    private static async Task<string> LoopAsync(LabHosts.Guest guest)
    {
        var image = $"/var/lib/libvirt/shared/{guest.Name}-vda.raw";
        await LabHosts.RunAsync("sh", "a", "truncate", "--size=64M", image);
        await LabHosts.RunAsync("sh", "a", "sh", "-c", "test -e /dev/loop-control || mknod /dev/loop-control c 10 237");
        var device = (await LabHosts.RunAsync("sh", "a", "losetup", "--find")).Trim();
        foreach (var host in new[] { "a", "b" })
            await LabHosts.RunAsync("sh", host, "sh", "-c", $"test -e {device} || mknod -m 660 {device} b 7 {device["/dev/loop".Length..]}");
        await LabHosts.RunAsync("sh", "a", "losetup", device, image);
        return device;
    }

    private async Task LinkStaysCut(MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        var run = await StartAsync(await guest.OnA, Slow with { Mode = mode });
        await LabHosts.RunAsync("link", "b", "cut");
        try
        {
            var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(MigrationVerdict.Stayed, result.Verdict);
            Assert.Contains(result.Fault, new[] { Faults.Stalled, Faults.DestinationDaemonLost, Faults.ConnectionLost });
            Assert.Equal(DomainState.Running, (await guest.OnA).State);
        }
        finally
        {
            await LabHosts.RunAsync("link", "b", "restore");
        }

        await guest.ShouldBeWholeAsync("a");
        await guest.ShouldLeaveBAsync();
    }

    private async Task DestinationDaemonDies(MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        var run = await StartAsync(await guest.OnA, Slow with { Mode = mode });
        await LabHosts.RunAsync("daemon", "b", "kill");
        try
        {
            var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(MigrationVerdict.Stayed, result.Verdict);
            Assert.Contains(result.Fault, new[] { Faults.DestinationDaemonLost, Faults.ConnectionLost, Faults.StreamBroken });
        }
        finally
        {
            await LabHosts.RunAsync("daemon", "b", "start");
        }

        await guest.ShouldBeWholeAsync("a");
        await guest.ShouldLeaveBAsync();
    }

    private async Task SourceDaemonDies(MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        var run = await StartAsync(await guest.OnA, Slow with { Mode = mode, StallTimeout = Duration.Parse("30s") });
        await LabHosts.RunAsync("daemon", "a", "kill");
        await Task.Delay(1000);
        await LabHosts.RunAsync("daemon", "a", "start");
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(MigrationVerdict.Stayed, result.Verdict);
        Assert.Contains(result.Fault, new[] { Faults.ConnectionLost, Faults.HostUnreachable });
        await guest.ShouldBeWholeAsync("a");
        await guest.ShouldLeaveBAsync();
    }

    /// <summary>The hosts do without us, so a migration is not unknown because our line was.</summary>
    [LabFact]
    public async Task A_client_whose_connection_breaks_watches_on_and_knows_the_end()
    {
        await using var guest = await lab.GuestAsync("memory=160", "ws=64", "rate=1");
        using var a = await LabHosts.ConnectAsync("a", "tls");
        // It takes much longer than what is waited for a host that is silent.
        var run = await StartAsync(await a.GetDomainAsync(guest.Name), Slow with { Bandwidth = Bandwidth.Parse("6MiB/s") });
        await LabHosts.RunAsync("link", "a", "break-tcp", "16514");
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Verdict: MigrationVerdict.Moved, Mode: MigrationMode.PeerToPeer }, result.Error);
        Assert.NotEmpty(a.TakeNotices());
        await guest.ShouldBeWholeAsync("b");
    }

    private static async Task Stayed(LabHosts.Guest guest, MigrationResult result, Fault fault)
    {
        Assert.True(fault == result.Fault, $"Expected {fault.Id}, found {result.Fault?.Id}: {result.Error}");
        Assert.Equal(MigrationVerdict.Stayed, result.Verdict);
        Assert.Equal(DomainState.Running, (await guest.OnA).State);
        await guest.ShouldBeWholeAsync("a");
    }

    private async Task<MigrationResult> RunAsync(LibvirtDomain domain, MigrationOptions options) =>
        await (await domain.PlanMigrationAsync(lab.B, options)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>In the middle: more has arrived than could be in the way when a certificate is refused.</summary>
    private async Task<MigrationRun> StartAsync(LibvirtDomain domain, MigrationOptions options)
    {
        var run = (await domain.PlanMigrationAsync(lab.B, options)).Start();
        while (!(run.Progress.Transferred >= 12_000_000) && !run.Completion.IsCompleted)
            await Task.Delay(50);
        return run;
    }

    private static Task<LiveMigrationException> Fails(Func<Task> action) => Assert.ThrowsAnyAsync<LiveMigrationException>(action);
}
