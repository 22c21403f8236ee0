using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>Migrations between two QEMUs without libvirt.</summary>
[Trait("Category", "Lab")]
public sealed class QemuMigrationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lm-bare-");

    public void Dispose() => _folder.Delete(recursive: true);

    [LabFact]
    public async Task A_guest_moves_whole_and_its_first_QEMU_ends()
    {
        await using var a = await StartAsync("a");
        await using var b = await WaitingAsync("b");
        await a.TickAsync();
        var result = await MigrateAsync(a, b);
        await b.TickAsync(5);
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), (result.Outcome, result.Verdict));
        Assert.All(result.Verified, fact => Assert.True(fact.IsTrue, fact.ToString()));
        Assert.Equal(2, result.Verified.Count);
        Assert.True(result.Downtime > TimeSpan.Zero && result.Transferred > 0, result.ToString());
        Assert.True(a.HasExited);
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task A_paused_guest_arrives_paused()
    {
        await using var a = await StartAsync("a");
        await using var b = await WaitingAsync("b");
        await a.TickAsync();
        await (await a.Qemu.MonitorAsync()).StopAsync();
        var result = await MigrateAsync(a, b);
        await b.Qemu.RefreshAsync();
        Assert.Equal((MigrationOutcome.Completed, "paused"), (result.Outcome, b.Qemu.State));
        Assert.True(a.HasExited);
        await (await b.Qemu.MonitorAsync()).ContinueAsync();
        await b.TickAsync(5);
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task A_destination_that_would_start_by_itself_is_held_until_it_is_told()
    {
        await using var a = await StartAsync("a");
        await using var b = await BareQemu.StartAsync(_folder, "b", ["-incoming", "defer"]);
        await a.TickAsync();
        await (await a.Qemu.MonitorAsync()).StopAsync();
        Assert.Equal(MigrationOutcome.Completed, (await MigrateAsync(a, b)).Outcome);
        await b.Qemu.RefreshAsync();
        Assert.Equal("paused", b.Qemu.State);
    }

    [LabFact]
    public async Task Over_TCP_the_port_is_the_one_that_the_destination_is_given()
    {
        await using var a = await StartAsync("a", monitor: FreePort());
        await using var b = await WaitingAsync("b", monitor: FreePort());
        await a.TickAsync();
        var plan = await a.Qemu.PlanMigrationAsync(b.Qemu);
        Assert.Equal(("tcp:127.0.0.1:0", "tcp:0.0.0.0:0"), (plan.Uri, plan.IncomingUri));
        Assert.Contains(plan.Notices, notice => notice.Contains("unencrypted", StringComparison.Ordinal));
        var result = await RunAsync(plan);
        await b.TickAsync(5);
        Assert.Equal(MigrationVerdict.Moved, result.Verdict);
        await a.ExitAsync();
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task Post_copy_starts_the_guest_at_once_and_fetches_the_rest()
    {
        await using var a = await StartAsync("a", rate: 200);
        await using var b = await WaitingAsync("b", rate: 200);
        await a.TickAsync();
        var result = await MigrateAsync(a, b, new MigrationOptions { PostCopyAfterFirstPass = true, Bandwidth = Bandwidth.FromMebibytes(64), MaxDowntime = TimeSpan.FromMilliseconds(1) });
        await b.TickAsync(5);
        Assert.True(result is { Outcome: MigrationOutcome.Completed, PostCopy: true }, $"{result.Outcome}, post-copy {result.PostCopy}: {result.Error}");
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task The_halves_of_a_broken_post_copy_are_joined()
    {
        await using var a = await StartAsync("a", rate: 200);
        await using var b = await WaitingAsync("b", rate: 200);
        await a.TickAsync();
        var options = new MigrationOptions { PostCopy = true, RecoverPostCopy = true, Bandwidth = Bandwidth.FromMebibytes(32), PostCopyBandwidth = Bandwidth.FromMebibytes(4), MaxDowntime = TimeSpan.FromMilliseconds(1) };
        var run = (await a.Qemu.PlanMigrationAsync(b.Qemu, options)).Start();
        await UntilAsync(run, () => run.Progress is { Iteration: > 1 });
        await run.SwitchToPostCopyAsync();
        await UntilAsync(run, () => run.IsPostCopy);
        await b.TickAsync();
        await run.PausePostCopyAsync();
        await (await a.Qemu.MonitorAsync()).SetMigrationParametersAsync(new Dictionary<string, object> { ["max-postcopy-bandwidth"] = 1L << 30 });
        var result = await run.Completion.WaitAsync(Patience);
        await b.TickAsync(5);
        Assert.True(result is { Outcome: MigrationOutcome.Completed, PostCopy: true }, $"{result.Outcome}: {result.Error}");
        Assert.Contains(result.Notices, notice => notice.Contains("resumed as soon as", StringComparison.Ordinal));
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task Left_in_post_copy_it_is_handed_over_all_the_same()
    {
        await using var a = await StartAsync("a", rate: 200);
        await using var b = await WaitingAsync("b", rate: 200);
        await a.TickAsync();
        var options = new MigrationOptions { PostCopy = true, Bandwidth = Bandwidth.FromMebibytes(32), PostCopyBandwidth = Bandwidth.FromMebibytes(4), MaxDowntime = TimeSpan.FromMilliseconds(1) };
        var run = (await a.Qemu.PlanMigrationAsync(b.Qemu, options)).Start();
        await UntilAsync(run, () => run.Progress is { Iteration: > 1 });
        await run.SwitchToPostCopyAsync();
        await UntilAsync(run, () => run.IsPostCopy);
        run.Detach();
        Assert.Equal(MigrationOutcome.Detached, (await run.Completion.WaitAsync(Patience)).Outcome);
        Assert.Contains(run, MigrationRuns.Current);
        await (await a.Qemu.MonitorAsync()).SetMigrationParametersAsync(new Dictionary<string, object> { ["max-postcopy-bandwidth"] = 1L << 30 });
        await a.ExitAsync();
        await b.TickAsync(5);
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task Stopped_the_guest_stays_with_its_settings_and_the_half_is_ended()
    {
        await using var a = await StartAsync("a");
        await using var b = await WaitingAsync("b");
        await a.TickAsync();
        await a.Qemu.RefreshAsync();
        var before = a.Qemu.Facts.Parameters["downtime-limit"];
        var run = (await a.Qemu.PlanMigrationAsync(b.Qemu, new MigrationOptions { Bandwidth = Bandwidth.FromMebibytes(2), AutoConverge = true, MaxDowntime = TimeSpan.FromMilliseconds(7) })).Start();
        await UntilAsync(run, () => run.Progress.Phase is MigrationPhase.Copying);
        await a.Qemu.RefreshAsync(); // What it says of itself now is not what it was.
        Assert.True(a.Qemu.Facts.Capabilities["auto-converge"]);
        var result = await run.StopAsync().WaitAsync(Patience);
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        await b.ExitAsync();
        await a.Qemu.RefreshAsync();
        Assert.Equal(before, a.Qemu.Facts.Parameters["downtime-limit"]);
        Assert.False(a.Qemu.Facts.Capabilities["auto-converge"]);
        await a.TickAsync(5);
        await using var c = await WaitingAsync("c");
        Assert.Equal(MigrationVerdict.Moved, (await MigrateAsync(a, c)).Verdict);
        await c.TickAsync(5);
        BareQemu.IsWhole(a, b, c);
    }

    [LabFact]
    public async Task A_destination_that_is_killed_leaves_the_guest_where_it_is()
    {
        await using var a = await StartAsync("a");
        await using var b = await WaitingAsync("b");
        await a.TickAsync();
        var run = (await a.Qemu.PlanMigrationAsync(b.Qemu, new MigrationOptions { Bandwidth = Bandwidth.FromMebibytes(2) })).Start();
        await UntilAsync(run, () => run.Progress.Phase is MigrationPhase.Copying);
        await b.KillAsync();
        var result = await run.Completion.WaitAsync(Patience);
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        await a.TickAsync(5);
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task A_source_that_is_killed_is_a_loss_and_nothing_else()
    {
        await using var a = await StartAsync("a");
        await using var b = await WaitingAsync("b");
        await a.TickAsync();
        var run = (await a.Qemu.PlanMigrationAsync(b.Qemu, new MigrationOptions { Bandwidth = Bandwidth.FromMebibytes(2) })).Start();
        await UntilAsync(run, () => run.Progress.Phase is MigrationPhase.Copying);
        await a.KillAsync();
        var result = await run.Completion.WaitAsync(Patience);
        Assert.Equal((MigrationOutcome.Failed, Faults.DomainLost), (result.Outcome, result.Fault));
    }

    [LabFact]
    public async Task A_destination_that_refuses_to_run_is_ended_and_the_guest_goes_on_where_it_was()
    {
        var (mine, other) = (await BareQemu.MakeDiskAsync(_folder, "mine"), await BareQemu.MakeDiskAsync(_folder, "other"));
        await using var a = await StartAsync("a", BareQemu.Drive(mine));
        await using var b = await WaitingAsync("b", BareQemu.Drive(other));
        // Somebody writes to what the destination would write to.
        using var holder = Process.Start(new ProcessStartInfo("qemu-io", ["-f", "raw", other]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await a.TickAsync();
        var result = await MigrateAsync(a, b, new MigrationOptions { Storage = new StorageOptions { AssumeShared = ["disk0"] } });
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.StayedPaused, Faults.DiskNotAccessible), (result.Outcome, result.Verdict, result.Fault));
        Assert.Contains("lock", result.Error, StringComparison.Ordinal);
        await b.ExitAsync();
        await a.TickAsync(5);
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task A_disk_that_both_have_open_moves_and_another_is_refused()
    {
        var (mine, other) = (await BareQemu.MakeDiskAsync(_folder, "mine"), await BareQemu.MakeDiskAsync(_folder, "other"));
        await using var a = await StartAsync("a", BareQemu.Drive(mine));
        await using (var wrong = await WaitingAsync("w", BareQemu.Drive(other)))
        {
            var refused = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(wrong.Qemu));
            Assert.Equal(Faults.DiskNotShared, refused.Fault);
            Assert.Contains("-AssumeShared disk0", refused.Message, StringComparison.Ordinal);
        }

        await using var b = await WaitingAsync("b", BareQemu.Drive(mine));
        await a.TickAsync();
        Assert.Equal(MigrationVerdict.Moved, (await MigrateAsync(a, b)).Verdict);
        await b.TickAsync(5);
        BareQemu.IsWhole(a, b);
    }

    [LabTheory]
    [InlineData(BareQemu.Debian)]
    [InlineData(BareQemu.Backports)]
    public async Task A_disk_that_the_guest_writes_to_is_copied_along(string usr)
    {
        if (!File.Exists($"{usr}/bin/qemu-system-x86_64"))
            return;
        var (mine, other) = (await BareQemu.MakeDiskAsync(_folder, "mine"), await BareQemu.MakeDiskAsync(_folder, "other"));
        await using var a = await BareQemu.StartAsync(_folder, "a", BareQemu.Drive(mine), usr: usr, diskRate: 4);
        await using var b = await BareQemu.StartAsync(_folder, "b", BareQemu.Drive(other), incoming: true, usr: usr, diskRate: 4);
        await a.TickAsync(20);
        var result = await MigrateAsync(a, b, new MigrationOptions { Storage = new StorageOptions { Copy = CopyStorage.Full } });
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Verdict: MigrationVerdict.Moved }, $"{result.Outcome}: {result.Error}");
        Assert.True(result.Transferred > 64 << 20, $"{result.Transferred}");
        await a.ExitAsync();
        File.Delete(mine);
        await b.TickAsync(60);
        BareQemu.IsWhole(a, b);
        Assert.Contains(b.Ticks(), tick => !tick.Text.Contains(" dr=0 ", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task Stopped_while_a_disk_is_copied_nothing_is_left_and_the_next_one_moves()
    {
        var (mine, other) = (await BareQemu.MakeDiskAsync(_folder, "mine"), await BareQemu.MakeDiskAsync(_folder, "other"));
        await using var a = await BareQemu.StartAsync(_folder, "a", BareQemu.Drive(mine), diskRate: 4);
        await using var b = await WaitingAsync("b", BareQemu.Drive(other));
        await a.TickAsync(10);
        var copy = new MigrationOptions { Storage = new StorageOptions { Copy = CopyStorage.Full } };
        var run = (await a.Qemu.PlanMigrationAsync(b.Qemu, copy with { Bandwidth = Bandwidth.FromMebibytes(2) })).Start();
        await UntilAsync(run, () => run.Progress is { Transferred: > 0 });
        var result = await run.StopAsync().WaitAsync(Patience);
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        var monitor = await a.Qemu.MonitorAsync();
        Assert.Empty(await monitor.QueryJobsAsync());
        Assert.DoesNotContain("livemigration", (await monitor.ExecuteAsync("query-named-block-nodes")).GetRawText(), StringComparison.Ordinal);
        result = await MigrateAsync(a, b, copy);
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Verdict: MigrationVerdict.Moved }, $"{result.Outcome}: {result.Error}");
        await b.TickAsync(40);
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task A_destination_that_is_killed_while_a_disk_is_copied_leaves_nothing_of_it()
    {
        var (mine, other) = (await BareQemu.MakeDiskAsync(_folder, "mine"), await BareQemu.MakeDiskAsync(_folder, "other"));
        await using var a = await BareQemu.StartAsync(_folder, "a", BareQemu.Drive(mine), diskRate: 4);
        await using var b = await WaitingAsync("b", BareQemu.Drive(other));
        await a.TickAsync(10);
        var run = (await a.Qemu.PlanMigrationAsync(b.Qemu, new MigrationOptions { Storage = new StorageOptions { Copy = CopyStorage.Full }, Bandwidth = Bandwidth.FromMebibytes(2) })).Start();
        await UntilAsync(run, () => run.Progress is { Transferred: > 0 });
        await b.KillAsync();
        var result = await run.Completion.WaitAsync(Patience);
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        Assert.Empty(await (await a.Qemu.MonitorAsync()).QueryJobsAsync());
        await a.TickAsync(20);
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task All_that_is_in_the_way_is_told_before_anything_is_changed()
    {
        await using var a = await StartAsync("a");
        await using var b = await WaitingAsync("b", ["-smp", "2,maxcpus=4"], memory: 133128);
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(b.Qemu, new MigrationOptions { NewName = "x" }));
        foreach (var word in new[] { "memory", "-smp: 1, and 2", "-smp maxcpus=: 1, and 4", "-NewName" })
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
        var running = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(a.Qemu));
        Assert.Equal(Faults.SameHost, running.Fault);
        await a.TickAsync();
        await b.Qemu.RefreshAsync();
        Assert.Equal(("inmigrate", null), (b.Qemu.State, b.Qemu.Migration));
    }

    /// <summary>QEMU 10 says that it cannot load a guest, and only on its standard error why; the source knows of it only that the line broke.</summary>
    [LabFact(Needs = $"{BareQemu.Backports}/bin/qemu-system-x86_64")]
    public async Task A_destination_without_a_device_says_that_it_cannot_load_the_guest_which_stays()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a", ["-device", "virtio-rng-pci,addr=9"], usr: BareQemu.Backports);
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true, usr: BareQemu.Backports);
        await a.TickAsync();
        var result = await MigrateAsync(a, b);
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed, Faults.DeviceStateRejected), (result.Outcome, result.Verdict, result.Fault));
        Assert.Contains("load of migration failed: Invalid argument. What it could not load stands on the standard error", result.Error, StringComparison.Ordinal);
        await b.ExitAsync();
        Assert.Contains("virtio-rng", b.Said, StringComparison.Ordinal);
        await a.TickAsync(5);
        BareQemu.IsWhole(a, b);
    }

    [LabFact(Needs = $"{BareQemu.Backports}/bin/qemu-system-x86_64")]
    public async Task From_7_2_to_10_and_back()
    {
        await using var a = await StartAsync("a");
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true, usr: BareQemu.Backports);
        await a.TickAsync();
        Assert.Equal(MigrationVerdict.Moved, (await MigrateAsync(a, b)).Verdict);
        await b.TickAsync(5);
        await using var c = await WaitingAsync("c");
        Assert.Equal(MigrationVerdict.Moved, (await MigrateAsync(b, c)).Verdict);
        await c.TickAsync(5);
        BareQemu.IsWhole(a, b, c);
    }

    private Task<BareQemu> StartAsync(string name, string[]? options = null, int rate = 8, string? monitor = null) =>
        BareQemu.StartAsync(_folder, name, options, rate: rate, monitor: monitor);

    private Task<BareQemu> WaitingAsync(string name, string[]? options = null, int memory = 131080, int rate = 8, string? monitor = null) =>
        BareQemu.StartAsync(_folder, name, options, incoming: true, memory: memory, rate: rate, monitor: monitor);

    private static async Task<MigrationResult> MigrateAsync(BareQemu from, BareQemu to, MigrationOptions? options = null) =>
        await RunAsync(await from.Qemu.PlanMigrationAsync(to.Qemu, options));

    private static Task<MigrationResult> RunAsync(QemuMigrationPlan plan) => plan.Start().Completion.WaitAsync(Patience);

    private static async Task UntilAsync(MigrationRun run, Func<bool> reached)
    {
        var limit = Stopwatch.StartNew();
        while (!reached())
        {
            Assert.True(limit.Elapsed < Patience && !run.Completion.IsCompleted, $"{run.Progress}; {string.Join(' ', run.Notices)}");
            await Task.Delay(20);
        }
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"tcp:{listener.LocalEndpoint}";
    }
}
