using System.Diagnostics;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu.Saving;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>States of guests that check their own memory, saved by QEMUs without libvirt and restored into others.</summary>
[Trait("Category", "Lab")]
public sealed partial class QemuStateTests : IDisposable
{
    private const string Recipients = "age1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lm-bare-");
    private readonly List<string> _notices = [];

    public void Dispose() => _folder.Delete(recursive: true);

    private string File(string name) => Path.Combine(_folder.FullName, name);

    [LabFact]
    public async Task A_guest_is_saved_its_QEMU_ended_and_it_goes_on_in_another()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await a.TickAsync(5);
        var saved = await a.Qemu.SaveStateAsync(new StateSaving { Path = File("s"), Stop = true });
        Assert.True(saved is { Verified: true, WasRunning: true, State: null, Downtime: not null }, saved.ToString());
        Assert.Equal(new FileInfo(File("s")).Length, saved.Length);
        Assert.Equal(saved.Length, saved.StreamLength);
        await a.ExitAsync();
        Assert.Equal(["a.boot", "a.ticks", "s", "s.json"], Left());
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true);
        await RestoreAsync(b, new StateRestoring { Path = File("s") });
        await b.TickAsync(5);
        BareQemu.IsWhole(a, b);
    }

    /// <summary>The guest goes on after each save, with its settings, and each of its states is a whole guest of its own.</summary>
    [LabFact]
    public async Task However_it_was_written_what_was_saved_runs_again()
    {
        var (phrase, identity) = (File("pass phrase"), File("identity"));
        System.IO.File.WriteAllText(phrase, "correct horse\n");
        Run("age-keygen", "-o", identity);
        StateSaving[] ways =
        [
            new() { Compression = StateCompression.Zstd }, new() { Compression = StateCompression.Gzip },
            new() { Encryption = StateEncryption.Gpg, KeyFile = phrase }, new() { Compression = StateCompression.Zstd, Encryption = StateEncryption.Age, KeyFile = identity },
            new() { Command = "base64", ReadCommand = "base64 -d", Compression = StateCompression.Zstd },
        ];
        await using var a = await BareQemu.StartAsync(_folder, "a");
        var monitor = await a.Qemu.MonitorAsync();
        await monitor.SetMigrationCapabilitiesAsync(new Dictionary<string, bool> { ["xbzrle"] = true });
        await a.Qemu.RefreshAsync();
        var (capabilities, parameters) = (a.Qemu.Facts.Capabilities, a.Qemu.Facts.Parameters);
        foreach (var (way, number) in ways.Select((way, number) => (way with { Path = File($"it's {number}\n-r") }, number)))
        {
            await a.TickAsync(5);
            var saved = await SaveAsync(a, way);
            Assert.True(saved is { Verified: true, State: "running" }, $"{way}: {saved}");
            await a.Qemu.RefreshAsync();
            Assert.Equal(capabilities, a.Qemu.Facts.Capabilities);
            Assert.Equal(parameters, a.Qemu.Facts.Parameters);
            await using var b = await BareQemu.StartAsync(_folder, $"b{number}", incoming: true);
            await RestoreAsync(b, new StateRestoring { Path = way.Path, KeyFile = way.KeyFile, Command = way.ReadCommand });
            await b.TickAsync(5);
            BareQemu.IsWhole(b);
        }

        await a.TickAsync(2);
        BareQemu.IsWhole(a);
        Assert.DoesNotContain(Left(), name => name.StartsWith(StatePlace.FolderMark, StringComparison.Ordinal));
    }

    [LabFact]
    public async Task A_paused_guest_is_saved_and_restored_paused_and_a_running_one_stays_paused_where_that_is_asked_for()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await a.TickAsync();
        await SaveAsync(a, new StateSaving { Path = File("running") });
        await (await a.Qemu.MonitorAsync()).StopAsync();
        var saved = await SaveAsync(a, new StateSaving { Path = File("s") });
        Assert.True(saved is { WasRunning: false, Downtime: null }, saved.ToString());
        await a.Qemu.RefreshAsync();
        Assert.False(a.Qemu.Facts.IsRunning);
        foreach (var file in new[] { "s", "running" })
        {
            await using var b = await BareQemu.StartAsync(_folder, $"b{file}", incoming: true);
            await RestoreAsync(b, new StateRestoring { Path = File(file), Paused = file == "running" });
            Assert.Equal("paused", b.Qemu.State);
            await (await b.Qemu.MonitorAsync()).ContinueAsync();
            await b.TickAsync(3);
            BareQemu.IsWhole(b);
        }

        var again = await Assert.ThrowsAsync<LiveMigrationException>(() => SaveAsync(a, new StateSaving { Path = File("again") }));
        Assert.True(again.Fault == Faults.QemuStateWrong && again.Message.Contains("cont", StringComparison.Ordinal), again.Message);
        await (await a.Qemu.MonitorAsync()).ContinueAsync();
        await a.TickAsync(3);
        BareQemu.IsWhole(a);
    }

    [LabFact]
    public async Task A_guest_goes_on_while_its_state_of_this_instant_is_saved()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a", rate: 50);
        await a.TickAsync(5);
        var before = a.Ticks()[^1].Number;
        var saving = SaveAsync(a, new StateSaving { Path = File("s"), Live = true, Bandwidth = Bandwidth.FromMebibytes(16) });
        await a.TickAsync(10);
        Assert.False(saving.IsCompleted, "it was over too soon to see the guest go on");
        var saved = await saving;
        Assert.True(saved is { Live: true, Verified: true, State: "running" }, saved.ToString());
        await a.TickAsync(3);
        BareQemu.IsWhole(a);
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true, rate: 50);
        await RestoreAsync(b, new StateRestoring { Path = File("s") });
        await b.TickAsync(5);
        BareQemu.IsWhole(b);
        Assert.InRange(b.Ticks()[0].Number, before, before + 5);
    }

    [LabFact]
    public async Task What_is_damaged_or_has_another_key_is_refused_and_the_QEMU_still_waits()
    {
        var (phrase, wrong) = (File("phrase"), File("wrong"));
        System.IO.File.WriteAllText(phrase, "right\n");
        System.IO.File.WriteAllText(wrong, "wrong\n");
        Run("age-keygen", "-o", File("identity"));
        Run("age-keygen", "-o", File("stranger"));
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await a.TickAsync();
        await SaveAsync(a, new StateSaving { Path = File("plain") });
        await SaveAsync(a, new StateSaving { Path = File("gpg"), Encryption = StateEncryption.Gpg, KeyFile = phrase, Compression = StateCompression.Zstd });
        await SaveAsync(a, new StateSaving { Path = File("age"), Encryption = StateEncryption.Age, KeyFile = File("identity") });
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true);
        await RefusedAsync(b, new StateRestoring { Path = File("gpg"), KeyFile = wrong }, Faults.StateKeyUnusable, "gpg ended with");
        await RefusedAsync(b, new StateRestoring { Path = File("age"), KeyFile = File("stranger") }, Faults.StateKeyUnusable, "age ended with");
        await RefusedAsync(b, new StateRestoring { Path = File("age") }, Faults.StateKeyUnusable, "-KeyFile");
        await RefusedAsync(b, new StateRestoring { Path = File("age"), KeyFile = File("nosuch") }, Faults.StateKeyUnusable, "nosuch");
        await RefusedAsync(b, new StateRestoring { Path = File("nosuch") }, Faults.StreamNotReadable, "nosuch");
        var length = new FileInfo(File("plain")).Length;
        foreach (var sidecar in new[] { true, false })
        {
            Cut("plain", "ram", length / 2, sidecar);
            await RefusedAsync(b, new StateRestoring { Path = File("ram") }, Faults.StateDamaged, "damaged at");
            // QEMU itself takes this for complete.
            Cut("plain", "json", length - 3, sidecar);
            await RefusedAsync(b, new StateRestoring { Path = File("json") }, Faults.StateDamaged, "damaged at");
            Cut("age", "cut", new FileInfo(File("age")).Length - 3, sidecar);
            await RefusedAsync(b, new StateRestoring { Path = File("cut"), KeyFile = File("identity") }, Faults.StateDamaged, "age ended with");
            Cut("gpg", "cutgpg", new FileInfo(File("gpg")).Length - 30, sidecar);
            await RefusedAsync(b, new StateRestoring { Path = File("cutgpg"), KeyFile = phrase }, Faults.StateDamaged, "gpg ended with");
        }

        // One byte of a page: no structure is hurt, and only the hash knows.
        Cut("plain", "byte", length, sidecar: true);
        using (var file = System.IO.File.OpenWrite(File("byte")))
        {
            file.Position = length / 2;
            file.WriteByte(0x5A);
            file.WriteByte(0xA5);
        }

        await RefusedAsync(b, new StateRestoring { Path = File("byte") }, Faults.StateDamaged, "");
        await RestoreAsync(b, new StateRestoring { Path = File("gpg"), KeyFile = phrase });
        await b.TickAsync(3);
        BareQemu.IsWhole(b);
    }

    [LabFact]
    public async Task Whatever_fails_the_guest_goes_on_and_nothing_is_left()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await a.TickAsync();
        var left = Left();
        await FailsAsync(a, new StateSaving { Command = "cat >/dev/null; exit 3" }, Faults.StateNotSaved, "the command ended with 3");
        await FailsAsync(a, new StateSaving { Command = "echo no route >&2; exit 3", Path = File("s") }, Faults.StateNotSaved, "the command ended with 3 (no route)");
        await FailsAsync(a, new StateSaving { Command = "head -c 1000000", ReadCommand = "cat", Path = File("s") }, Faults.StateNotSaved, "Broken pipe");
        await FailsAsync(a, new StateSaving { Command = "head -c 1000000; cat >/dev/null", ReadCommand = "cat", Path = File("s"), Stop = true }, Faults.StateDamaged, "damaged at");
        await FailsAsync(a, new StateSaving { Command = "cat >/dev/null", Path = File("s"), Stop = true }, Faults.ContradictingOptions, "-ReadCommand", touched: false);
        await FailsAsync(a, new StateSaving { Path = File("nosuch/s") }, Faults.StateNotWritable, "no folder", touched: false);
        await FailsAsync(a, new StateSaving { Path = "/proc/s" }, Faults.StateNotWritable, "nothing can be written", touched: false);
        System.IO.File.WriteAllText(File("s"), "mine");
        await FailsAsync(a, new StateSaving { Path = File("s") }, Faults.StateExists, "already exists", touched: false);
        Assert.Equal("mine", System.IO.File.ReadAllText(File("s")));
        System.IO.File.Delete(File("s"));
        Assert.Equal(left, Left());
        Assert.False(a.HasExited);
        await a.TickAsync(3);
        BareQemu.IsWhole(a);
    }

    [LabFact]
    public async Task A_full_disk_is_told_and_the_file_that_was_there_stays()
    {
        var small = Directory.CreateDirectory(File("small")).FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=8m", "none", small);
        try
        {
            await using var a = await BareQemu.StartAsync(_folder, "a");
            await a.TickAsync();
            System.IO.File.WriteAllText(Path.Combine(small, "s"), "the last good one");
            await FailsAsync(a, new StateSaving { Path = Path.Combine(small, "s"), Force = true }, Faults.StateNotSaved, "No space left");
            Assert.Equal("the last good one", System.IO.File.ReadAllText(Path.Combine(small, "s")));
            Assert.Single(Directory.GetFileSystemEntries(small));
            await a.TickAsync(3);
            BareQemu.IsWhole(a);
        }
        finally
        {
            Run("umount", small);
        }
    }

    [LabFact]
    public async Task Stopped_it_is_cancelled_the_guest_goes_on_and_the_next_save_succeeds()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await a.TickAsync();
        using var stop = new CancellationTokenSource();
        var saving = a.Qemu.SaveStateAsync(
            new StateSaving { Path = File("s"), Bandwidth = Bandwidth.FromMebibytes(1) }, progress => { if (progress.Percent > 0) stop.Cancel(); }, cancellationToken: stop.Token);
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => saving);
        Assert.Equal(Faults.Stopped, error.Fault);
        Assert.EndsWith("The VM runs on.", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a.boot", "a.ticks"], Left());
        await a.TickAsync(3);
        Assert.True((await SaveAsync(a, new StateSaving { Path = File("s"), Compression = StateCompression.Zstd })).Verified);
        System.IO.File.WriteAllText(File("s.json"), "of another");
        Assert.True((await SaveAsync(a, new StateSaving { Path = File("s"), Force = true })).Verified);
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true);
        await RestoreAsync(b, new StateRestoring { Path = File("s") });
        await b.TickAsync(3);
        BareQemu.IsWhole(b);
        await a.TickAsync(1);
        BareQemu.IsWhole(a);
    }

    [LabFact]
    public async Task A_QEMU_that_dies_while_it_saves_is_told()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await a.TickAsync();
        var killed = Task.CompletedTask;
        var saving = a.Qemu.SaveStateAsync(new StateSaving { Path = File("s"), Bandwidth = Bandwidth.FromMebibytes(1) }, progress => killed = progress.Percent > 0 && killed.IsCompleted && !a.HasExited ? a.KillAsync() : killed);
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => saving);
        Assert.Equal(Faults.SourceQemuFailed, error.Fault);
        Assert.Equal(["a.boot", "a.ticks"], Left());
    }

    [LabFact]
    public async Task For_a_recipient_it_is_not_verified_and_says_so_and_the_identity_restores_it()
    {
        Run("age-keygen", "-o", File("identity"));
        var recipient = System.IO.File.ReadAllLines(File("identity")).Single(line => line.StartsWith("# public key: ", StringComparison.Ordinal))["# public key: ".Length..];
        Assert.StartsWith(Recipients, recipient, StringComparison.Ordinal);
        System.IO.File.WriteAllText(File("recipients"), recipient + "\n");
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await a.TickAsync();
        var encrypted = new StateSaving { Path = File("s"), Encryption = StateEncryption.Age };
        await FailsAsync(a, encrypted with { Recipient = recipient, Stop = true }, Faults.ContradictingOptions, "-KeyFile", touched: false);
        await FailsAsync(a, encrypted with { Recipient = "age1nonsense" }, Faults.StateNotSaved, "age ended with 1");
        Assert.False((await SaveAsync(a, encrypted with { KeyFile = File("recipients") })).Verified);
        Assert.Contains(_notices, notice => notice.Contains("not verified by reading", StringComparison.Ordinal));
        Assert.False((await SaveAsync(a, encrypted with { Recipient = recipient, Force = true })).Verified);
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true);
        await RestoreAsync(b, new StateRestoring { Path = File("s"), KeyFile = File("identity") });
        await b.TickAsync(3);
        BareQemu.IsWhole(b);
    }

    [LabFact]
    public async Task What_does_not_fit_is_refused_before_QEMU_has_a_byte_and_disks_that_changed_are_told()
    {
        var disk = File("disk");
        Run("qemu-img", "create", "-q", "-f", "qcow2", disk, "16M");
        string[] drive = ["-blockdev", $"driver=qcow2,node-name=disk0,file.driver=file,file.filename={disk}", "-device", "virtio-blk-pci,drive=disk0,id=disk0,addr=8"];
        await using var a = await BareQemu.StartAsync(_folder, "a", drive, diskRate: 2);
        await a.TickAsync(5);
        Assert.Equal("disk0", Assert.Single((await SaveAsync(a, new StateSaving { Path = File("s"), Stop = true })).Disks).Name);
        await a.ExitAsync();
        await using var other = await BareQemu.StartAsync(_folder, "o", drive, incoming: true, memory: 133128);
        await RefusedAsync(other, new StateRestoring { Path = File("s") }, Faults.StateDoesNotFit, "-m");
        await using var b = await BareQemu.StartAsync(_folder, "b", drive, incoming: true, diskRate: 2);
        await RefusedAsync(b, new StateRestoring { Path = File("s") }, Faults.StateDoesNotFit, "is open in another process"); // other
        var plan = await b.Qemu.PlanRestoreAsync(new StateRestoring { Path = File("s"), Paused = true });
        Assert.Contains(plan.Notices, notice => notice.Contains("is open in another process", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Notices, notice => notice.Contains("was changed", StringComparison.Ordinal));
        await other.KillAsync();
        var changed = System.IO.File.GetLastWriteTimeUtc(disk);
        System.IO.File.SetLastWriteTimeUtc(disk, changed.AddSeconds(1));
        await RefusedAsync(b, new StateRestoring { Path = File("s") }, Faults.StateDoesNotFit, "was changed");
        System.IO.File.SetLastWriteTimeUtc(disk, changed);
        await RestoreAsync(b, new StateRestoring { Path = File("s") });
        await b.TickAsync(20);
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task A_QEMU_without_a_device_of_the_state_is_ended_and_the_file_restores_the_next_one()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a", ["-device", "virtio-rng-pci,addr=9"]);
        await a.TickAsync();
        await SaveAsync(a, new StateSaving { Path = File("s"), Stop = true, Compression = StateCompression.Zstd });
        await using (var wrong = await BareQemu.StartAsync(_folder, "w", incoming: true))
        {
            var error = await Assert.ThrowsAsync<LiveMigrationException>(() => RestoreAsync(wrong, new StateRestoring { Path = File("s") }));
            Assert.Equal(Faults.StateNotRestored, error.Fault);
            Assert.Contains("has ended; the file is unchanged", error.Message, StringComparison.Ordinal);
            await wrong.ExitAsync();
        }

        await using var b = await BareQemu.StartAsync(_folder, "b", ["-device", "virtio-rng-pci,addr=9"], incoming: true);
        await RestoreAsync(b, new StateRestoring { Path = File("s") });
        await b.TickAsync(3);
        BareQemu.IsWhole(a, b);
    }

    [LabFact(Needs = $"{BareQemu.Backports}/bin/qemu-system-x86_64")]
    public async Task With_QEMU_10_plain_compressed_live_and_with_a_place_for_each_page()
    {
        StateSaving[] ways = [new(), new() { Compression = StateCompression.Zstd }, new() { Live = true }, new() { MappedRam = true }];
        await using var a = await BareQemu.StartAsync(_folder, "a", usr: BareQemu.Backports);
        foreach (var (way, number) in ways.Select((way, number) => (way with { Path = File($"{number}") }, number)))
        {
            await a.TickAsync(5);
            var saved = await SaveAsync(a, way);
            Assert.True(saved is { Verified: true, State: "running" }, $"{way}: {saved}");
            await using var b = await BareQemu.StartAsync(_folder, $"b{number}", incoming: true, usr: BareQemu.Backports);
            await RestoreAsync(b, new StateRestoring { Path = way.Path });
            await b.TickAsync(5);
            BareQemu.IsWhole(b);
        }

        BareQemu.IsWhole(a);
    }

    private Task<SavedState> SaveAsync(BareQemu qemu, StateSaving saving) => qemu.Qemu.SaveStateAsync(saving, notice: notice =>
    {
        lock (_notices)
            _notices.Add(notice);
    });

    private static async Task RestoreAsync(BareQemu qemu, StateRestoring restoring) => await (await qemu.Qemu.PlanRestoreAsync(restoring)).RunAsync();

    private async Task FailsAsync(BareQemu qemu, StateSaving saving, Fault fault, string words, bool touched = true)
    {
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => SaveAsync(qemu, saving));
        Assert.True(error.Fault == fault && error.Message.Contains(words, StringComparison.Ordinal), $"{error.Fault}: {error.Message}");
        if (touched)
            Assert.EndsWith("The VM runs on.", error.Message, StringComparison.Ordinal);
        await qemu.Qemu.RefreshAsync();
        Assert.True(qemu.Qemu.Facts.IsRunning, error.Message);
        Assert.False(qemu.Qemu.Facts.Capabilities.GetValueOrDefault("background-snapshot"));
    }

    private static async Task RefusedAsync(BareQemu qemu, StateRestoring restoring, Fault fault, string words)
    {
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => qemu.Qemu.PlanRestoreAsync(restoring));
        Assert.True(error.Fault == fault && error.Message.Contains(words, StringComparison.Ordinal), $"{error.Fault}: {error.Message}");
        await qemu.Qemu.RefreshAsync();
        Assert.Equal(("inmigrate", null), (qemu.Qemu.State, qemu.Qemu.Migration));
    }

    private void Cut(string from, string to, long length, bool sidecar)
    {
        System.IO.File.Copy(File(from), File(to), overwrite: true);
        using (var file = System.IO.File.OpenWrite(File(to)))
            file.SetLength(length);
        if (sidecar)
            System.IO.File.Copy(File($"{from}.json"), File($"{to}.json"), overwrite: true);
        else
            System.IO.File.Delete(File($"{to}.json"));
    }

    /// <summary>What is in the folder, but QEMU's monitors.</summary>
    private string[] Left() => [.. _folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Where(name => !name.EndsWith(".qmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
