using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>M1, M3, M5, S1, T1, T2, T4: a running guest moves, in every way that can be asked for.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class MigrationTests(LabHosts lab)
{
    private static readonly MigrationOptions Shared = new() { AllowUnsafe = true };

    [LabFact]
    public async Task A_running_guest_moves_there_and_back_without_losing_a_tick()
    {
        await using var guest = await lab.GuestAsync("disk=shared", "rate=8", "diskrate=1");
        var there = await MigrateAsync(await guest.OnA, Shared);
        Assert.Equal(MigrationMode.PeerToPeer, there.Mode);
        Assert.All(there.Verified, fact => Assert.True(fact.IsTrue, fact.ToString()));
        Assert.NotNull(there.Downtime);
        Assert.InRange(there.Transferred!.Value, 10_000_000, 2_000_000_000);
        Assert.True(there.Iterations >= 2);
        await guest.ShouldBeWholeAsync("b");
        var back = await (await (await guest.OnB).PlanMigrationAsync(lab.A, Shared)).Start().Completion;
        Assert.Equal(MigrationOutcome.Completed, back.Outcome);
        await guest.ShouldBeWholeAsync("a");
    }

    [LabFact]
    public async Task Disks_on_the_network_need_no_permission()
    {
        await using var guest = await lab.GuestAsync("disk=nbd,nfs", "diskrate=1");
        var domain = await guest.OnA;
        Assert.Equal(StorageAccess.Shared, domain.Storage);
        await MigrateAsync(domain, MigrationOptions.Default);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task This_client_can_steer()
    {
        await using var guest = await lab.GuestAsync("disk=shared");
        var result = await MigrateAsync(await guest.OnA, Shared with { Mode = MigrationMode.Direct });
        Assert.Equal(MigrationMode.Direct, result.Mode);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task Where_the_source_cannot_reach_the_destination_the_client_steers_and_says_so()
    {
        await using var guest = await lab.GuestAsync();
        // Nothing listens on this port: only the source's daemon uses it.
        var result = await MigrateAsync(await guest.OnA, new MigrationOptions { DestinationUri = "qemu+tcp://b.lab:1/system" });
        Assert.Equal(MigrationMode.Direct, result.Mode);
        Assert.Contains(result.Notices, notice => notice.Contains("cannot connect to b", StringComparison.Ordinal));
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task Progress_never_runs_back_and_ends_complete()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=20");
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { Bandwidth = Bandwidth.Parse("60MiB/s") })).Start();
        var seen = new List<MigrationProgress>();
        run.Progressed += (_, progress) => seen.Add(progress);
        await run.Completion;
        Assert.Equal(seen.Select(at => at.Percent).Order(), seen.Select(at => at.Percent));
        Assert.Equal((100, MigrationPhase.Ended), (seen[^1].Percent, seen[^1].Phase));
        Assert.Contains(seen, at => at.DirtyRate is not null && at.Rate is not null && at.TimeLeft is not null);
    }

    [LabFact]
    public async Task Bandwidth_and_downtime_are_limits()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=48", "rate=1");
        var options = new MigrationOptions { Bandwidth = Bandwidth.Parse("20MiB/s"), MaxDowntime = Duration.Parse("50ms") };
        var result = await MigrateAsync(await guest.OnA, options);
        Assert.InRange(result.MeanRate!.Value, 10L << 20, 22L << 20);
        Assert.InRange(result.Downtime!.Value.TotalMilliseconds, 0, 250);
    }

    [LabFact]
    public async Task Autostart_and_persistence_move_along()
    {
        await using var guest = await lab.GuestAsync("autostart=1");
        var result = await MigrateAsync(await guest.OnA, MigrationOptions.Default);
        Assert.All(result.Verified, fact => Assert.True(fact.IsTrue, fact.ToString()));
        var arrived = await guest.OnB;
        Assert.True(arrived is { Autostart: true, Persistent: true });
    }

    [LabFact]
    public async Task A_source_that_is_kept_is_shut_off_and_does_not_start_with_its_host()
    {
        await using var guest = await lab.GuestAsync("autostart=1");
        await MigrateAsync(await guest.OnA, new MigrationOptions { KeepSource = true });
        var left = await guest.OnA;
        Assert.Equal((DomainState.ShutOff, "migrated", false), (left.State, left.Reason, left.Autostart));
        Assert.True((await guest.OnB).Autostart);
        // Both definitions are there: going back overwrites the one that does not run.
        var back = await (await (await guest.OnB).PlanMigrationAsync(lab.A)).Start().Completion;
        Assert.Equal(MigrationOutcome.Completed, back.Outcome);
    }

    [LabFact]
    public async Task A_transient_guest_stays_transient()
    {
        await using var guest = await lab.GuestAsync("persistent=0");
        await MigrateAsync(await guest.OnA, MigrationOptions.Default);
        Assert.False((await guest.OnB).Persistent);
    }

    [LabFact]
    public async Task A_paused_guest_arrives_paused()
    {
        await using var guest = await lab.GuestAsync();
        await LabHosts.RunAsync("virsh", "a", "suspend", guest.Name);
        await MigrateAsync(await guest.OnA, MigrationOptions.Default);
        Assert.Equal(DomainState.Paused, (await guest.OnB).State);
        await LabHosts.RunAsync("virsh", "b", "resume", guest.Name);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task A_definition_moves_offline()
    {
        await using var guest = await lab.GuestAsync("start=0");
        var result = await MigrateAsync(await guest.OnA, new MigrationOptions { Offline = true });
        Assert.Equal(MigrationVerdict.Moved, result.Verdict);
        Assert.Equal(DomainState.ShutOff, (await guest.OnB).State);
        Assert.Empty(await lab.A.GetDomainsAsync(new DomainQuery { Names = [guest.Name] }));
    }

    [LabFact]
    public async Task A_guest_arrives_under_another_name()
    {
        await using var guest = await lab.GuestAsync();
        await using var renamed = new LabHosts.Guest(lab, guest.Name + "-new");
        var result = await MigrateAsync(await guest.OnA, new MigrationOptions { NewName = renamed.Name });
        Assert.Equal(renamed.Name, result.FinalName);
        Assert.Equal(DomainState.Running, (await renamed.OnB).State);
    }

    /// <summary>libvirt translates its errors, and what it decides must not hang on English words.</summary>
    [LabFact]
    public async Task A_daemon_that_speaks_german_is_understood()
    {
        await using var guest = await lab.GuestAsync();
        await LabHosts.RunAsync("daemon", "a", "stop");
        await LabHosts.RunAsync("sh", "a", "sh", "-c", "cd / && LANGUAGE=de LC_ALL=C.UTF-8 exec libvirtd --daemon --listen --pid-file /run/libvirtd.pid");
        try
        {
            var result = await MigrateAsync(await guest.OnA, new MigrationOptions { DestinationUri = "qemu+tcp://b.lab:1/system" });
            Assert.Equal(MigrationMode.Direct, result.Mode);
            Assert.Contains(result.Notices, notice => notice.Contains("Kann keine Verbindung", StringComparison.Ordinal));
            await guest.ShouldBeWholeAsync("b");
        }
        finally
        {
            await LabHosts.RunAsync("daemon", "a", "restart");
        }
    }

    [LabFact]
    public async Task A_disk_is_found_under_another_path()
    {
        await using var guest = await lab.GuestAsync("disk=shared", "diskrate=1");
        var disk = Assert.Single(await (await guest.OnA).GetDisksAsync());
        await LabHosts.RunAsync("sh", "b", "mkdir", "-p", "/var/lib/libvirt/other");
        await LabHosts.RunAsync("sh", "b", "ln", "-sf", disk.Source!, $"/var/lib/libvirt/other/{guest.Name}.img");
        var map = new Dictionary<string, string> { ["vda"] = $"/var/lib/libvirt/other/{guest.Name}.img" };
        await guest.RedefineAsync(xml => xml.Replace(">1</vcpu>", ">3</vcpu>", StringComparison.Ordinal));
        await MigrateAsync(await guest.OnA, Shared with { DiskMap = map, Storage = new() { AssumeShared = ["vda"] } });
        Assert.Equal(map["vda"], Assert.Single(await (await guest.OnB).GetDisksAsync()).Source);
        var (running, stored) = (await LabHosts.RunAsync("virsh", "b", "dumpxml", guest.Name), await LabHosts.RunAsync("virsh", "b", "dumpxml", "--inactive", guest.Name));
        Assert.Contains(">1</vcpu>", running, StringComparison.Ordinal);
        Assert.Contains(">3</vcpu>", stored, StringComparison.Ordinal);
        Assert.Contains(map["vda"], stored, StringComparison.Ordinal);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task Several_connections_carry_the_memory()
    {
        await using var guest = await lab.GuestAsync();
        await MigrateAsync(await guest.OnA, new MigrationOptions { Parallel = 2 });
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task Changed_pages_travel_compressed()
    {
        await using var guest = await lab.GuestAsync();
        await MigrateAsync(await guest.OnA, new MigrationOptions { Compression = MigrationCompression.Xbzrle });
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task A_guest_that_dirties_too_fast_is_slowed_down_until_it_fits()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=60");
        var run = await StartAsync(await guest.OnA, Busy with { AutoConverge = true });
        var throttled = false;
        run.Progressed += (_, progress) => throttled |= progress.Throttle > 0;
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        Assert.True(throttled);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task After_the_timeout_a_guest_is_paused_and_goes_on_there()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=100");
        var result = await MigrateAsync(await guest.OnA, Busy with { Timeout = Duration.Parse("5s"), OnTimeout = TimeoutAction.Suspend });
        Assert.Contains(result.Notices, notice => notice.Contains("is paused after", StringComparison.Ordinal));
        Assert.Equal(DomainState.Running, (await guest.OnB).State);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task After_the_timeout_a_guest_switches_to_post_copy()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=100");
        var result = await MigrateAsync(await guest.OnA, Busy with { Timeout = Duration.Parse("5s"), OnTimeout = TimeoutAction.PostCopy });
        Assert.True(result.PostCopy);
        Assert.NotNull(result.Downtime);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task A_guest_switches_to_post_copy_on_demand_and_cannot_be_stopped_then()
    {
        await using var guest = await lab.GuestAsync("memory=256", "ws=128", "rate=100");
        var run = await StartAsync(await guest.OnA, Busy with { PostCopy = true });
        await run.SwitchToPostCopyAsync();
        while (!run.IsPostCopy && !run.Completion.IsCompleted)
            await Task.Delay(20);
        if (!run.Completion.IsCompleted)
            await Assert.ThrowsAsync<LiveMigration.Errors.LiveMigrationException>(() => run.StopAsync());
        Assert.Equal(MigrationOutcome.Completed, (await run.Completion).Outcome);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task A_migration_that_another_tool_started_is_found_and_watched()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=5");
        var virsh = LabHosts.RunAsync(
            "virsh", "a", "migrate", "--live", "--p2p", "--persistent", "--undefinesource", "--bandwidth", "40", guest.Name, await LabHosts.UriAsync("b"));
        MigrationRun? run = null;
        while (run is null && !virsh.IsCompleted)
            run = await (await guest.OnA).GetMigrationAsync();
        Assert.True(run!.IsForeign);
        Assert.True((await guest.OnA).Migrating);
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), (result.Outcome, result.Verdict));
        await virsh;
    }

    /// <summary>A link too slow for the guests of these tests.</summary>
    private static readonly MigrationOptions Busy = new() { Bandwidth = Bandwidth.Parse("40MiB/s") };

    private async Task<MigrationRun> StartAsync(LibvirtDomain domain, MigrationOptions options)
    {
        var run = (await domain.PlanMigrationAsync(lab.B, options)).Start();
        while (!(run.Progress.Transferred >= 1_000_000) && !run.Completion.IsCompleted)
            await Task.Delay(50);
        return run;
    }

    private async Task<MigrationResult> MigrateAsync(LibvirtDomain domain, MigrationOptions options)
    {
        var result = await (await domain.PlanMigrationAsync(lab.B, options)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        return result;
    }
}
