using System.Diagnostics;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>Ways from one QEMU to another beside sockets: what a program passes on, and what it does not.</summary>
[Trait("Category", "Lab")]
public sealed class QemuTransportTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lm-bare-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Pipe => Path.Combine(_folder.FullName, "pipe");

    [LabTheory]
    [InlineData(BareQemu.Debian)]
    [InlineData(BareQemu.Backports)]
    public async Task Through_programs_of_both_sides_a_guest_moves_whole(string usr)
    {
        if (!File.Exists($"{usr}/bin/qemu-system-x86_64"))
            return;
        await using var a = await StartAsync("a", usr: usr);
        await using var b = await StartAsync("b", incoming: true, usr: usr);
        await a.TickAsync();
        await MakePipeAsync();
        var result = await MigrateAsync(a, b, $"gzip -1 >{Pipe}", $"gzip -dc <{Pipe}");
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Verdict: MigrationVerdict.Moved }, $"{result.Outcome}: {result.Error}");
        Assert.True(result.Downtime > TimeSpan.Zero);
        await b.TickAsync(5);
        await a.ExitAsync();
        BareQemu.IsWhole(a, b);
    }

    [LabTheory]
    [InlineData("head -c 3000000 <{0}; cat <{0} >/dev/null")]
    [InlineData("cat <{0} >/dev/null; true")]
    public async Task What_the_programs_lose_leaves_the_guest_where_it_was(string loses)
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b", incoming: true);
        await a.TickAsync();
        await MakePipeAsync();
        var result = await MigrateAsync(a, b, $"cat >{Pipe}", string.Format(null, loses, Pipe));
        Assert.Equal(MigrationOutcome.Failed, result.Outcome);
        Assert.True(result.Verdict is MigrationVerdict.Stayed or MigrationVerdict.StayedPaused, $"{result.Verdict}: {result.Error}");
        await b.ExitAsync();
        await a.TickAsync(5);
        Assert.Empty(b.Ticks());
        BareQemu.IsWhole(a);
    }

    /// <summary>The source says that it has completed; the destination never says anything.</summary>
    [LabFact]
    public async Task A_guest_that_is_on_its_way_for_ever_goes_on_where_it_was_when_it_is_stopped()
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b", incoming: true);
        await a.TickAsync();
        await MakePipeAsync();
        var plan = await a.Qemu.PlanMigrationAsync(b.Qemu, Through("cat >/dev/null", $"cat <{Pipe}"));
        var run = plan.Start();
        var source = await a.Qemu.MonitorAsync();
        var limit = Stopwatch.StartNew();
        while ((await source.ExecuteAsync("query-status")).GetProperty("status").GetString() is not "postmigrate")
        {
            Assert.True(limit.Elapsed < Patience && !run.Completion.IsCompleted, $"{run.Progress}");
            await Task.Delay(20);
        }

        var result = await run.StopAsync().WaitAsync(Patience);
        Assert.True(result.Verdict is MigrationVerdict.Stayed or MigrationVerdict.StayedPaused, $"{result.Outcome}, {result.Verdict}: {result.Error}");
        await a.TickAsync(5);
        Assert.Empty(b.Ticks());
        BareQemu.IsWhole(a);
    }

    [LabFact]
    public async Task What_is_not_safe_or_half_said_is_refused_before_anything_is_changed()
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b", incoming: true);
        foreach (var (options, word) in new (MigrationOptions, string)[]
        {
            (new() { MigrationUri = $"file:{Pipe}" }, "Save-VMState"),
            (new() { MigrationUri = "fd:7" }, "UNIX socket"),
            (new() { MigrationUri = "exec:cat" }, "-ListenAddress exec:COMMAND"),
            (new() { ListenAddress = "exec:cat" }, "-MigrationUri exec:COMMAND"),
            (Through("cat", "cat") with { Parallel = 2 }, "-Parallel needs a socket"),
            (Through("cat", "cat") with { PostCopy = true }, "-PostCopy needs a way back"),
            (Through("cat", "cat") with { Tls = MigrationTls.Required }, "-Tls Required needs a socket"),
        })
        {
            var refused = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(b.Qemu, options));
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        }

        await b.Qemu.RefreshAsync();
        Assert.Equal(("inmigrate", null), (b.Qemu.State, b.Qemu.Migration));
        Assert.False(File.Exists(Pipe));
    }

    /// <summary>QEMU 7.2 would be killed by the kernel.</summary>
    [LabFact]
    public async Task A_QEMU_that_may_start_no_program_is_not_told_to()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a", ["-sandbox", "on,spawn=deny"]);
        await using var b = await StartAsync("b", incoming: true);
        await a.TickAsync();
        var refused = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(b.Qemu, Through("cat", "cat")));
        Assert.Contains("spawn=deny", refused.Message, StringComparison.Ordinal);
        await a.TickAsync(2);
    }

    /// <summary>There is no such hardware here: QEMU's own words are what the user reads.</summary>
    [LabFact]
    public async Task Over_RDMA_what_QEMU_says_is_told_and_the_guest_stays()
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b", incoming: true);
        await a.TickAsync();
        var result = await (await a.Qemu.PlanMigrationAsync(b.Qemu, new MigrationOptions { MigrationUri = "rdma:127.0.0.1:4444" })).Start().Completion.WaitAsync(Patience);
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        Assert.Contains("rdma", result.Error, StringComparison.OrdinalIgnoreCase);
        await a.TickAsync(2);
        BareQemu.IsWhole(a);
    }

    private Task<BareQemu> StartAsync(string name, bool incoming = false, string usr = BareQemu.Debian) => BareQemu.StartAsync(_folder, name, incoming: incoming, usr: usr);

    private async Task MakePipeAsync()
    {
        using var make = Process.Start("mkfifo", [Pipe]);
        await make.WaitForExitAsync();
        Assert.Equal(0, make.ExitCode);
    }

    private static MigrationOptions Through(string source, string destination) => new() { MigrationUri = $"exec:{source}", ListenAddress = $"exec:{destination}" };

    private static async Task<MigrationResult> MigrateAsync(BareQemu from, BareQemu to, string source, string destination) =>
        await (await from.Qemu.PlanMigrationAsync(to.Qemu, Through(source, destination))).Start().Completion.WaitAsync(Patience);
}
