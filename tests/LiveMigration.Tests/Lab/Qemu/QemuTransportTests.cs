using System.Diagnostics;
using System.Text.Json.Nodes;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.Security;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>Ways from one QEMU to another beside tcp: and unix:. Through programs and files there is no connection: what has arrived proves itself.</summary>
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
        if (!IsThere(usr))
            return;
        await using var a = await StartAsync("a", usr: usr);
        await using var b = await StartAsync("b", incoming: true, usr: usr);
        await a.TickAsync();
        await MakePipeAsync();
        var result = await MigrateAsync(a, b, Through($"gzip -1 >{Pipe}", $"gzip -dc <{Pipe}"));
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Verdict: MigrationVerdict.Moved }, $"{result.Outcome}: {result.Error}");
        Assert.True(result.Downtime > TimeSpan.Zero);
        await b.TickAsync(5);
        await a.ExitAsync();
        await NothingIsLeftAsync(b);
        BareQemu.IsWhole(a, b);
    }

    /// <summary>The destination finds the file by another name, as where a folder is mounted elsewhere.</summary>
    [LabFact]
    public async Task Through_a_file_a_guest_moves_whole_and_the_file_is_removed()
    {
        if (!IsThere(BareQemu.Backports))
            return;
        await using var a = await StartAsync("a", usr: BareQemu.Backports);
        await using var b = await StartAsync("b", incoming: true, usr: BareQemu.Backports);
        await a.TickAsync();
        var there = Path.Combine(_folder.FullName, "there");
        Directory.CreateSymbolicLink(there, _folder.FullName);
        var options = new MigrationOptions { MigrationUri = $"file:{Pipe}", ListenAddress = $"file:{there}/pipe" };
        var result = await MigrateAsync(a, b, options);
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Verdict: MigrationVerdict.Moved }, $"{result.Outcome}: {result.Error}");
        await b.TickAsync(5);
        await a.ExitAsync();
        await NothingIsLeftAsync(b);
        BareQemu.IsWhole(a, b);
        Assert.False(File.Exists(Pipe));
    }

    /// <summary>It is whole, and of the same VM: started, it would be with old memory on the disks of today.</summary>
    [LabTheory]
    [InlineData("cat >/dev/null", "cat <{0}", BareQemu.Debian)]
    [InlineData("cat >/dev/null", "sleep 4; cat <{0}", BareQemu.Backports)]
    [InlineData(null, "{0}", BareQemu.Backports)]
    public async Task A_stream_that_the_VM_wrote_earlier_is_not_taken_for_its_migration(string? sends, string receives, string usr)
    {
        if (!IsThere(usr))
            return;
        await using var a = await StartAsync("a", usr: usr);
        await using var b = await StartAsync("b", incoming: true, usr: usr);
        await a.TickAsync();
        var earlier = Path.Combine(_folder.FullName, "earlier");
        await RecordAsync(a, earlier);
        await a.TickAsync(5);
        receives = string.Format(null, receives, earlier);
        var result = await MigrateAsync(a, b, sends is null ? new() { MigrationUri = $"file:{Pipe}", ListenAddress = $"file:{receives}" } : Through(sends, receives));
        await StayedAsync(a, b, result);
        Assert.Equal(Faults.StreamBroken, result.Fault);
        Assert.Contains("another stream", result.Error, StringComparison.Ordinal);
    }

    [LabTheory]
    [InlineData("head -c 3000000 <{0}; cat <{0} >/dev/null", true)]
    [InlineData("cat <{0} >/dev/null; true", false)]
    public async Task What_the_programs_lose_leaves_the_guest_where_it_was(string loses, bool begins)
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b", incoming: true);
        await a.TickAsync();
        await MakePipeAsync();
        var result = await MigrateAsync(a, b, Through($"cat >{Pipe}", string.Format(null, loses, Pipe)));
        // QEMU 7.2 waits for a stream that never begins.
        Assert.True(result.Fault == Faults.StreamBroken || (!begins && result.Fault == Faults.Stalled), $"{result.Fault}: {result.Error}");
        Assert.True(!begins || result.Error!.Contains("that the source sent", StringComparison.Ordinal), result.Error);
        await StayedAsync(a, b, result);
    }

    /// <summary>The source says that it has completed; the destination, which has received a part, does not.</summary>
    [LabFact]
    public async Task A_guest_that_does_not_arrive_continues_where_it_was_when_it_is_stopped()
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b", incoming: true);
        await a.TickAsync();
        await MakePipeAsync();
        var run = (await a.Qemu.PlanMigrationAsync(b.Qemu, Through($"cat >{Pipe}", $"exec <{Pipe}; head -c 3000000; cat >/dev/null; exec sleep 20"))).Start();
        var source = await a.Qemu.MonitorAsync();
        var limit = Stopwatch.StartNew();
        while ((await source.QueryStatusAsync()).Status is not "postmigrate")
        {
            Assert.True(limit.Elapsed < Patience && !run.Completion.IsCompleted, $"{run.Progress}");
            await Task.Delay(20);
        }

        var result = await run.StopAsync().WaitAsync(Patience);
        Assert.True(b.Qemu.HasEnded || result.Notices.Any(notice => notice.Contains("never told to run", StringComparison.Ordinal)), string.Join(" ", result.Notices));
        await StayedAsync(a, b, result);
    }

    [LabFact]
    public async Task What_is_not_safe_or_half_said_is_refused_before_anything_is_changed()
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b", incoming: true);
        foreach (var (options, word) in new (MigrationOptions, string)[]
        {
            (new() { MigrationUri = $"file:{Pipe}" }, "needs QEMU 8.2"),
            (new() { MigrationUri = "file:state" }, "absolute path"),
            (new() { MigrationUri = "fd:7" }, "UNIX socket"),
            (new() { MigrationUri = "exec:cat" }, "-ListenAddress exec:COMMAND"),
            (new() { ListenAddress = "exec:cat" }, "-MigrationUri exec:COMMAND"),
            (new() { ListenAddress = $"file:{Pipe}" }, "specify both"),
            (Through("cat", "cat") with { Parallel = 2 }, "-Parallel needs a connection"),
            (Through("cat", "cat") with { PostCopy = true }, "-PostCopy needs a connection"),
            (Through("cat", "cat") with { Tls = MigrationTls.Required }, "-Tls Required needs a connection"),
        })
        {
            var refused = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(b.Qemu, options));
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        }

        var encrypted = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(b.Qemu, Through("cat", "cat"), _folder.FullName));
        Assert.Contains("-TlsFolder", encrypted.Message, StringComparison.Ordinal);
        await (await a.Qemu.MonitorAsync()).SetMigrationCapabilityAsync("dirty-bitmaps", true);
        var taken = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(b.Qemu, Through("cat", "cat")));
        Assert.Contains("dirty-bitmaps is on", taken.Message, StringComparison.Ordinal);
        await b.Qemu.RefreshAsync();
        Assert.Equal(("inmigrate", null), (b.Qemu.State, b.Qemu.Migration));
        Assert.False(File.Exists(Pipe));
    }

    /// <summary>QEMU 7.2 would be killed by the kernel when it started a program; QEMU overwrites a file without a word; and one that listens takes no other way.</summary>
    [LabFact]
    public async Task What_QEMU_may_not_do_or_would_overwrite_is_known_before_it_is_told_to()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a", ["-sandbox", "on,spawn=deny"]);
        await using var b = await StartAsync("b", incoming: true);
        await using var listens = await BareQemu.StartAsync(_folder, "c", ["-S", "-incoming", $"unix:{Pipe}"]);
        var denied = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(b.Qemu, Through("cat", "cat")));
        Assert.Contains("spawn=deny", denied.Message, StringComparison.Ordinal);
        var taken = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(listens.Qemu, Through("cat", "cat")));
        Assert.Contains("-incoming defer", taken.Message, StringComparison.Ordinal);
        await a.TickAsync(2);
        if (!IsThere(BareQemu.Backports))
            return;
        await using var d = await StartAsync("d", usr: BareQemu.Backports);
        await using var e = await StartAsync("e", incoming: true, usr: BareQemu.Backports);
        var file = Path.Combine(_folder.FullName, "mine");
        await File.WriteAllTextAsync(file, "mine");
        var exists = await Assert.ThrowsAsync<LiveMigrationException>(() => d.Qemu.PlanMigrationAsync(e.Qemu, new MigrationOptions { MigrationUri = $"file:{file}" }));
        Assert.Contains("would overwrite", exists.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
    }

    /// <summary>There is no such hardware here: QEMU's own words are what the user reads.</summary>
    [LabFact]
    public async Task Over_RDMA_what_QEMU_says_is_told_and_the_guest_stays()
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b", incoming: true);
        await a.TickAsync();
        var result = await MigrateAsync(a, b, new MigrationOptions { MigrationUri = "rdma:127.0.0.1:4444" });
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        Assert.Contains("rdma", result.Error, StringComparison.OrdinalIgnoreCase);
        await a.TickAsync(2);
        BareQemu.IsWhole(a);
    }

    private static bool IsThere(string usr) => File.Exists($"{usr}/bin/qemu-system-x86_64");

    private Task<BareQemu> StartAsync(string name, bool incoming = false, string usr = BareQemu.Debian) => BareQemu.StartAsync(_folder, name, incoming: incoming, usr: usr);

    private async Task MakePipeAsync()
    {
        using var make = Process.Start("mkfifo", [Pipe]);
        await make.WaitForExitAsync();
        Assert.Equal(0, make.ExitCode);
    }

    /// <summary>Has the guest's QEMU write its state into a file, and the guest go on.</summary>
    private static async Task RecordAsync(BareQemu qemu, string file)
    {
        var monitor = await qemu.Qemu.MonitorAsync();
        await monitor.ExecuteAsync("migrate", new JsonObject { ["uri"] = $"exec:cat >{file}" });
        var limit = Stopwatch.StartNew();
        while (await monitor.QueryMigrationStatusAsync() is var status && status is not "completed")
        {
            Assert.True(limit.Elapsed < Patience && status is not "failed", status);
            await Task.Delay(20);
        }

        await monitor.ContinueAsync();
    }

    /// <summary>The guest runs on at the source with its former settings, and the destination has ended without having run it.</summary>
    private async Task StayedAsync(BareQemu a, BareQemu b, MigrationResult result)
    {
        Assert.True(result is { Outcome: not MigrationOutcome.Completed, Verdict: MigrationVerdict.Stayed or MigrationVerdict.StayedPaused }, $"{result.Outcome}, {result.Verdict}: {result.Error}");
        await b.ExitAsync();
        await a.TickAsync(5);
        Assert.Empty(b.Ticks());
        await NothingIsLeftAsync(a);
        BareQemu.IsWhole(a);
        Assert.False(new FileInfo(Pipe) is { Exists: true, Length: > 0 });
    }

    private static async Task NothingIsLeftAsync(BareQemu qemu)
    {
        var monitor = await qemu.Qemu.MonitorAsync();
        Assert.DoesNotContain("livemigration", (await monitor.ExecuteAsync("query-named-block-nodes")).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("livemigration", (await monitor.ExecuteAsync("query-migrate-parameters")).GetRawText(), StringComparison.Ordinal);
        Assert.False((await monitor.QueryMigrationCapabilitiesAsync()).Single(capability => capability.Capability is "dirty-bitmaps").State);
    }

    private static MigrationOptions Through(string source, string destination) => new() { MigrationUri = $"exec:{source}", ListenAddress = $"exec:{destination}" };

    private static async Task<MigrationResult> MigrateAsync(BareQemu from, BareQemu to, MigrationOptions options) =>
        await (await from.Qemu.PlanMigrationAsync(to.Qemu, options)).Start().Completion.WaitAsync(Patience);
}
