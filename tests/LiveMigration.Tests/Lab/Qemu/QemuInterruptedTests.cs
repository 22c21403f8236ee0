using System.Diagnostics;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.Planning;
using LiveMigration.State;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>A controller is killed at each step of a migration between two QEMUs, and another one ends it: one guest runs, whole, and nothing is left.</summary>
[Trait("Category", "Lab")]
public sealed class QemuInterruptedTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lm-bare-");

    private StateStore State => new(Path.Combine(_folder.FullName, "state"));

    private QemuMigrations Migrations => new(State);

    public void Dispose() => _folder.Delete(recursive: true);

    [LabTheory]
    [InlineData("before:migrate-incoming", QemuResumption.RollBack)]
    [InlineData("before:migrate", QemuResumption.RollBack)]
    [InlineData("after:migrate", QemuResumption.Follow)]
    [InlineData("before:cont", QemuResumption.StartDestination)]
    [InlineData("after:cont", QemuResumption.EndSource)]
    [InlineData("before:quit", QemuResumption.EndSource)]
    public Task A_controller_that_is_killed_is_replaced(string moment, QemuResumption action) => ReplaceAsync(moment, "plain", action, BareQemu.Debian);

    [LabTheory]
    [InlineData("before:nbd-server-start", QemuResumption.RollBack)]
    [InlineData("before:blockdev-add", QemuResumption.RollBack)]
    [InlineData("after:blockdev-mirror", QemuResumption.RollBack)]
    [InlineData("before:migrate", QemuResumption.RollBack)]
    [InlineData("before:block-job-cancel", QemuResumption.Follow)]
    [InlineData("before:cont", QemuResumption.StartDestination)]
    [InlineData("after:cont", QemuResumption.EndSource)]
    [InlineData("before:quit", QemuResumption.EndSource)]
    public Task With_disks_that_are_copied_as_well(string moment, QemuResumption action) => ReplaceAsync(moment, "copy", action, BareQemu.Debian);

    /// <summary>A mirror that has been dismissed cannot be asked any more how it ended: the guest stays.</summary>
    [LabTheory]
    [InlineData("before:blockdev-del")]
    [InlineData("before:migrate-continue")]
    public async Task Where_it_is_not_known_how_a_mirror_ended_the_guest_stays(string moment)
    {
        await using var left = await LeftAsync(moment, "copy");
        var (a, b) = left;
        var (result, _) = await ResumeAsync(QemuResumption.Follow);
        Assert.Equal(MigrationVerdict.StayedPaused.ToString()[..6], result!.Verdict.ToString()[..6]);
        await StayedAsync(a, b);
    }

    [LabTheory]
    [InlineData("plain", "before:migrate", QemuResumption.RollBack)]
    [InlineData("plain", "before:cont", QemuResumption.StartDestination)]
    [InlineData("plain", "after:cont", QemuResumption.EndSource)]
    [InlineData("copy", "after:blockdev-mirror", QemuResumption.RollBack)]
    [InlineData("copy", "before:block-job-cancel", QemuResumption.Follow)]
    [InlineData("copy", "before:cont", QemuResumption.StartDestination)]
    public Task With_a_new_QEMU_as_well(string how, string moment, QemuResumption action) =>
        File.Exists($"{BareQemu.Backports}/bin/qemu-system-x86_64") ? ReplaceAsync(moment, how, action, BareQemu.Backports) : Task.CompletedTask;

    /// <summary>What the destination has read is proven by the one that comes after, too; a file is not read before that.</summary>
    [LabTheory]
    [InlineData("exec", "after:migrate", QemuResumption.Follow)]
    [InlineData("exec", "before:query-named-block-nodes", QemuResumption.StartDestination)]
    [InlineData("exec", "after:cont", QemuResumption.EndSource)]
    [InlineData("file", "before:migrate-incoming", QemuResumption.RollBack)]
    [InlineData("file", "before:query-named-block-nodes", QemuResumption.StartDestination)]
    public async Task Through_programs_and_files_as_well(string how, string moment, QemuResumption action)
    {
        var usr = how is "file" ? BareQemu.Backports : BareQemu.Debian;
        if (!File.Exists($"{usr}/bin/qemu-system-x86_64"))
            return;
        var way = Path.Combine(_folder.FullName, "way");
        if (how is "exec")
        {
            using var make = Process.Start("mkfifo", [way]);
            await make.WaitForExitAsync();
        }

        await ReplaceAsync(moment, $"{how}={way}", action, usr);
        Assert.Equal(how is "exec", File.Exists(way));
    }

    [LabTheory]
    [InlineData("before:migrate-start-postcopy")]
    [InlineData("after:migrate-start-postcopy")]
    public async Task Post_copy_goes_on_to_its_end(string moment)
    {
        await using var left = await LeftAsync(moment, "post-copy");
        var (a, b) = left;
        var (result, plan) = await ResumeAsync(QemuResumption.Follow);
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Verdict: MigrationVerdict.Moved }, $"{plan}: {result?.Error}");
        await MovedAsync(a, b);
    }

    [LabFact]
    public async Task The_halves_of_a_post_copy_are_joined_by_another_one()
    {
        await using var left = await LeftAsync("after:migrate-start-postcopy", "post-copy");
        var (a, b) = left;
        var monitor = await a.MonitorAsync();
        await UntilAsync(async () => await monitor.QueryMigrationStatusAsync() is "postcopy-active");
        await b.TickAsync();
        await Task.Delay(2000); // QEMU 7.2 at the destination does not notice a break in the first moments.
        await monitor.PausePostCopyAsync();
        await UntilAsync(async () => await monitor.QueryMigrationStatusAsync() is "postcopy-paused");
        await a.LetGoAsync();
        var (result, _) = await ResumeAsync(QemuResumption.RecoverPostCopy);
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Verdict: MigrationVerdict.Moved }, $"{result?.Outcome}: {result?.Error}");
        await MovedAsync(a, b);
    }

    /// <summary>The link is cut, and what comes back is another way: the destination listens where the source goes.</summary>
    [LabFact]
    public async Task A_link_that_is_cut_after_the_controller_has_died_is_healed()
    {
        var (real, way) = (Path.Combine(_folder.FullName, "real"), Path.Combine(_folder.FullName, "way"));
        await using var a = await BareQemu.StartAsync(_folder, "a", rate: 200);
        await using var b = await BareQemu.StartAsync(_folder, "b", ["-S", "-incoming", $"unix:{real}"], rate: 200);
        await a.TickAsync(5);
        using (var link = new CutLink(way, real))
        {
            await KillAsync(a, b, "after:migrate-start-postcopy", $"post-copy=unix:{way}");
            await b.TickAsync();
            await Task.Delay(2000); // QEMU 7.2 at the destination does not notice a break in the first moments.
        }

        var monitor = await a.MonitorAsync();
        await UntilAsync(async () => await monitor.QueryMigrationStatusAsync() is "postcopy-paused");
        await a.LetGoAsync();
        var (result, _) = await ResumeAsync(QemuResumption.RecoverPostCopy);
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Verdict: MigrationVerdict.Moved }, $"{result?.Outcome}: {result?.Error}");
        await MovedAsync(a, b);
    }

    /// <summary>Before the end nobody needs it: the source notices, and keeps the guest.</summary>
    [LabFact]
    public async Task A_link_that_is_cut_before_the_switchover_leaves_the_guest_where_it_is()
    {
        var (real, way) = (Path.Combine(_folder.FullName, "real"), Path.Combine(_folder.FullName, "way"));
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await using var b = await BareQemu.StartAsync(_folder, "b", ["-S", "-incoming", $"unix:{real}"]);
        await a.TickAsync(5);
        using (var link = new CutLink(way, real))
            await KillAsync(a, b, "after:migrate", $"plain=unix:{way}");
        await b.ExitAsync(); // QEMU 7.2 does when its stream ends.
        var (result, _) = await ResumeAsync(QemuResumption.RollBack);
        Assert.Equal(MigrationVerdict.Stayed, result!.Verdict);
        await StayedAsync(a, b);
    }

    [LabFact]
    public async Task A_destination_that_was_told_and_has_ended_leaves_the_guest_where_nothing_else_has_changed()
    {
        await using var left = await LeftAsync("before:cont", "plain");
        var (a, b) = left;
        await b.KillAsync();
        var (result, _) = await ResumeAsync(QemuResumption.RollBack);
        Assert.Equal(MigrationVerdict.StayedPaused, result!.Verdict);
        await StayedAsync(a, b);
    }

    /// <summary>A disk that both have may have been written to there.</summary>
    [LabFact]
    public async Task With_a_shared_disk_it_is_for_a_person_to_decide()
    {
        await using var left = await LeftAsync("before:cont", "shared");
        var (a, b) = left;
        await b.KillAsync();
        var plan = await Migrations.PlanResumeAsync(Assert.Single(Migrations.List()).Id);
        Assert.Equal(QemuResumption.ByHand, plan.Action);
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => Migrations.ResumeAsync(plan));
        Assert.Equal(Faults.OutcomeUnknown, error.Fault);
        Assert.Contains("older than the disks", error.Message, StringComparison.Ordinal);
        Assert.True(Assert.Single(Migrations.List()).IsInterrupted);
        await LetGoAsync(plan);
        Migrations.Forget(plan.Record.Id);
        Assert.Empty(Migrations.List());
    }

    [LabFact]
    public async Task A_source_that_is_killed_after_it_has_sent_everything_is_not_needed_any_more()
    {
        await using var left = await LeftAsync("before:cont", "plain");
        var (a, b) = left;
        await a.KillAsync();
        var (result, _) = await ResumeAsync(QemuResumption.StartDestination);
        Assert.Equal(MigrationVerdict.Moved, result!.Verdict);
        await MovedAsync(a, b);
    }

    [LabFact]
    public async Task A_destination_that_hangs_and_was_never_told_to_run_it_does_not_keep_the_guest_from_going_on()
    {
        await using var left = await LeftAsync("after:migrate", "plain");
        var (a, b) = left;
        await b.SignalAsync("STOP");
        var (result, _) = await ResumeAsync(QemuResumption.RollBack);
        Assert.True(result!.Verdict is MigrationVerdict.Stayed or MigrationVerdict.StayedPaused, $"{result.Verdict}: {result.Error}");
        Assert.Contains(result.Notices, notice => notice.Contains("not known whether QEMU", StringComparison.Ordinal));
        await a.TickAsync(5);
        await b.KillAsync();
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task Another_VM_at_the_place_of_a_destination_that_has_ended_is_left_alone()
    {
        await using var left = await LeftAsync("before:cont", "plain");
        var (a, b) = left;
        await b.KillAsync();
        await using var other = await BareQemu.StartPlainAsync(_folder, "b", ["-uuid", "0c7f6a0e-52d9-4a37-8b8e-7d3f4f6b9a02"]);
        await other.LetGoAsync();
        var (result, _) = await ResumeAsync(QemuResumption.RollBack);
        Assert.Equal(MigrationVerdict.StayedPaused, result!.Verdict);
        await a.TickAsync(5);
        Assert.False(other.HasExited);
        Assert.True((await (await other.MonitorAsync()).QueryStatusAsync()).Running);
    }

    [LabFact]
    public async Task Who_is_silent_is_waited_for()
    {
        await using var left = await LeftAsync("before:cont", "plain");
        var (a, b) = left;
        await a.SignalAsync("STOP");
        var silent = await Migrations.PlanResumeAsync(Assert.Single(Migrations.List()).Id);
        Assert.Equal(QemuResumption.ByHand, silent.Action);
        await LetGoAsync(silent);
        await a.SignalAsync("CONT");
        var (result, _) = await ResumeAsync(QemuResumption.StartDestination);
        Assert.Equal(MigrationVerdict.Moved, result!.Verdict);
        await MovedAsync(a, b);
    }

    [LabFact]
    public async Task One_that_lives_is_left_alone_and_a_guest_that_was_left_is_ended_first()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true);
        await a.TickAsync();
        var run = (await a.Qemu.PlanMigrationAsync(b.Qemu, new MigrationOptions { Bandwidth = Bandwidth.FromMebibytes(2) })).Start();
        await UntilAsync(() => Task.FromResult(Migrations.List() is [{ Step: QemuStep.Migrate }]));
        var record = Assert.Single(Migrations.List());
        Assert.Equal((false, Environment.ProcessId, "web1"), (record.IsInterrupted, record.ProcessId, record.Name));
        var refused = await Assert.ThrowsAsync<LiveMigrationException>(() => Migrations.PlanResumeAsync(record.Id, [a.Qemu, b.Qemu]));
        Assert.Equal(Faults.MigrationInProgress, refused.Fault);
        Assert.Contains($"is being migrated by process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        await run.StopAsync().WaitAsync(Patience);
        Assert.Empty(Migrations.List());

        await using var c = await BareQemu.StartAsync(_folder, "c", incoming: true);
        await KillAsync(a, c, "before:migrate", "plain");
        await a.MonitorAsync();
        await c.MonitorAsync();
        var left = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(c.Qemu));
        Assert.Equal(Faults.MigrationInterrupted, left.Fault);
        var (result, _) = await ResumeAsync(QemuResumption.RollBack, a, c);
        Assert.Equal(MigrationVerdict.Stayed, result!.Verdict);
        await a.TickAsync(5);
        BareQemu.IsWhole(a, b, c);
    }

    private async Task ReplaceAsync(string moment, string how, QemuResumption action, string usr)
    {
        await using var left = await LeftAsync(moment, how, usr);
        var (a, b) = left;
        var (result, plan) = await ResumeAsync(action);
        if (action is QemuResumption.RollBack)
        {
            Assert.True(result!.Verdict is MigrationVerdict.Stayed or MigrationVerdict.StayedPaused, $"{plan}: {result.Verdict}, {result.Error}");
            await StayedAsync(a, b);
        }
        else
        {
            Assert.True(result is { Outcome: MigrationOutcome.Completed, Verdict: MigrationVerdict.Moved }, $"{plan}: {result?.Verdict}, {result?.Error}");
            await MovedAsync(a, b);
        }
    }

    private async Task<(BareQemu A, BareQemu B)> StartAsync(string how, string usr)
    {
        var rate = how is "post-copy" ? 200 : 8;
        string[] mine = [], other = [];
        if (how is "copy" or "shared")
        {
            mine = BareQemu.Drive(await BareQemu.MakeDiskAsync(_folder, "mine"));
            other = how is "copy" ? BareQemu.Drive(await BareQemu.MakeDiskAsync(_folder, "other")) : mine;
        }

        var a = await BareQemu.StartAsync(_folder, "a", mine, usr: usr, rate: rate, diskRate: how is "copy" ? 4 : 0);
        var b = await BareQemu.StartAsync(_folder, "b", other, incoming: true, usr: usr, rate: rate, diskRate: how is "copy" ? 4 : 0);
        await a.TickAsync(5);
        return (a, b);
    }

    /// <summary>Two QEMUs whose migration was left at a moment.</summary>
    private async Task<Pair> LeftAsync(string moment, string how, string usr = BareQemu.Debian)
    {
        var (a, b) = await StartAsync(how, usr);
        await KillAsync(a, b, moment, how);
        return new(a, b);
    }

    /// <summary>Migrates in a process of its own, which dies at a moment.</summary>
    private async Task KillAsync(BareQemu from, BareQemu to, string moment, string how)
    {
        await from.LetGoAsync();
        await to.LetGoAsync();
        var tests = typeof(QemuInterruptedTests).Assembly.Location;
        var start = LabHosts.DotnetClient([tests, "qemu", State.Folder, moment, $"{from.Qemu.Address}", $"{to.Qemu.Address}", how]);
        start.RedirectStandardError = true;
        using var child = Process.Start(start)!;
        var said = child.StandardOutput.ReadToEndAsync();
        var errors = child.StandardError.ReadToEndAsync();
        await child.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(child.ExitCode == 128 + 9, $"It was to die {moment} and did not: {await said} {await errors}");
        Assert.True(Assert.Single(Migrations.List()).IsInterrupted);
    }

    private async Task<(MigrationResult? Result, QemuResumePlan Plan)> ResumeAsync(QemuResumption action, params BareQemu[] connected)
    {
        var plan = await Migrations.PlanResumeAsync(Assert.Single(Migrations.List()).Id, [.. connected.Select(qemu => qemu.Qemu)]);
        Assert.True(plan.Action == action, $"{plan} {plan.States}");
        var run = await Migrations.ResumeAsync(plan);
        if (run is not null && action is QemuResumption.Follow or QemuResumption.RecoverPostCopy)
        {
            var source = await plan.Source.MonitorAsync();
            await source.SetMigrationParametersAsync(new Dictionary<string, object> { ["max-bandwidth"] = 1L << 30, ["max-postcopy-bandwidth"] = 1L << 30 });
        }

        var result = run is null ? null : await run.Completion.WaitAsync(Patience);
        if (connected.Length == 0)
            await LetGoAsync(plan);
        Assert.Empty(Migrations.List());
        return (result, plan);
    }

    private static async Task LetGoAsync(QemuResumePlan plan)
    {
        await plan.Source.DisposeAsync();
        await plan.Destination.DisposeAsync();
    }

    /// <summary>One runs, at the destination.</summary>
    private static async Task MovedAsync(BareQemu a, BareQemu b)
    {
        await a.ExitAsync();
        var monitor = await b.MonitorAsync();
        Assert.True((await monitor.QueryStatusAsync()).Running);
        Assert.DoesNotContain("livemigration", (await monitor.ExecuteAsync("query-named-block-nodes")).GetRawText(), StringComparison.Ordinal);
        await b.TickAsync(5);
        BareQemu.IsWhole(a, b);
    }

    /// <summary>One runs, at the source, and nothing is left there of the migration.</summary>
    private static async Task StayedAsync(BareQemu a, BareQemu b)
    {
        var monitor = await a.MonitorAsync();
        Assert.True((await monitor.QueryStatusAsync()).Running);
        Assert.Empty(await monitor.QueryJobsAsync());
        Assert.DoesNotContain("livemigration", (await monitor.ExecuteAsync("query-named-block-nodes")).GetRawText(), StringComparison.Ordinal);
        await a.TickAsync(5);
        await b.ExitAsync();
        BareQemu.IsWhole(a, b);
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        for (var limit = Stopwatch.StartNew(); !await reached(); await Task.Delay(20))
            Assert.True(limit.Elapsed < Patience);
    }

    private sealed record Pair(BareQemu A, BareQemu B) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await A.DisposeAsync();
            await B.DisposeAsync();
        }
    }
}
