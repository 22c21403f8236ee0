using LiveMigration.Errors;
using LiveMigration.Migration.Qemu.Saving;
using LiveMigration.Streams;

namespace LiveMigration.Tests.Migration.Qemu.Saving;

public sealed class StateSidecarTests
{
    private static readonly SavedState State = new()
    {
        Name = "we\"b\n1", HostName = "kvm1", Path = "/s/web1", Uuid = Guid.NewGuid(), Machine = "pc-q35-7.2", QemuVersion = new Version(7, 2, 22),
        SaveTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567), WasRunning = true, Length = 12, StreamLength = 34, Sha256 = new string('a', 64),
        Compression = StateCompression.Zstd, Encryption = StateEncryption.Gpg, HasCommand = true, Verified = true,
        Disks = [new("disk0", "/d/0", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(7)), new("disk1", "/d/1", null)],
    };

    [Fact]
    public void What_is_written_is_read()
    {
        var (read, problem) = StateSidecar.Read(StateSidecar.Write(State), "/s/web1", "kvm1");
        Assert.Null(problem);
        Assert.Equal(State.Disks, read!.Disks);
        Assert.Equal(State with { Disks = [] }, read with { Disks = [] });
    }

    [Fact]
    public void What_was_altered_or_cut_is_no_record_and_never_throws()
    {
        var written = StateSidecar.Write(State);
        for (var length = 0; length < written.Length - 1; length++)
            Assert.Null(StateSidecar.Read(written.AsMemory(0, length), "/s/web1", "kvm1").State);
        for (var place = 0; place < written.Length - 1; place++)
        {
            var altered = written.ToArray();
            altered[place] ^= 1;
            Assert.Null(StateSidecar.Read(altered, "/s/web1", "kvm1").State);
        }
    }

    [Fact]
    public void A_disk_that_was_changed_since_is_told_and_what_is_not_known_is_too()
    {
        var changed = State.Disks[0].Changed;
        var disk1 = State.Disks[1];
        var known = State with { Disks = [State.Disks[0]] };
        Assert.Empty(RestoreRules.OfDisks(known, [new("disk0", "/d/0", changed)]));
        Found("was changed", danger: true, known, new SavedDisk("disk0", "/d/0", changed?.AddTicks(1)));
        Found("a copy of /d/0", danger: false, known, new SavedDisk("disk0", "/other", changed));
        Found("not known", danger: false, State with { Disks = [disk1] }, new SavedDisk("disk1", "/d/1", changed));
        Found("not known", danger: false, null, new SavedDisk("disk0", "/d/0", changed));
        Found("does not have that disk", danger: true, State, new SavedDisk("disk0", "/d/0", changed));
        Found("does not have that disk", danger: true, known);

        static void Found(string words, bool danger, SavedState? saved, params SavedDisk[] now)
        {
            var found = Assert.Single(RestoreRules.OfDisks(saved, now));
            Assert.Contains(words, found.Text, StringComparison.Ordinal);
            Assert.Equal(danger, found.IsDanger);
        }
    }

    [Fact]
    public void A_guest_does_not_run_over_disks_that_it_would_damage()
    {
        RestoreRules.DiskFinding[] found = [new("a is not known.", IsDanger: false), new("b was changed.", IsDanger: true)];
        var error = Assert.Throws<LiveMigrationException>(() => RestoreRules.CheckDisks(found, runs: true, "'/s'", "h"));
        Assert.Equal(Faults.StateDoesNotFit, error.Fault);
        Assert.Contains("b was changed. With -Paused", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a is not known", error.Message, StringComparison.Ordinal);
        RestoreRules.CheckDisks(found, runs: false, "'/s'", "h");
        RestoreRules.CheckDisks(found[..1], runs: true, "'/s'", "h");
    }

    [Fact]
    public void A_guest_runs_again_if_it_ran()
    {
        Assert.True(RestoreRules.Runs(State, "paused", paused: false));
        Assert.False(RestoreRules.Runs(State, "running", paused: true));
        Assert.False(RestoreRules.Runs(State with { WasRunning = false }, "running", paused: false));
        Assert.True(RestoreRules.Runs(null, "running", paused: false));
        Assert.False(RestoreRules.Runs(null, "paused", paused: false));
    }

    [Fact]
    public void All_that_does_not_fit_is_told()
    {
        var stream = new MigrationStream { Path = "f", Machine = "pc-q35-7.2", RamBlocks = [new("pc.ram", 1 << 20), new("vga", 1 << 19)], Capabilities = ["mapped-ram"] };
        RestoreRules.Twin twin = new("pc-q35-7.2", 1 << 20, Guid.Empty, "x86_64", new HashSet<string> { "mapped-ram" });
        Assert.Empty(RestoreRules.Misfits(stream, twin));
        Assert.Empty(RestoreRules.Misfits(stream, new(null, null, Guid.Empty, null, twin.Capabilities)));
        Assert.Equal(4, RestoreRules.Misfits(stream with { PageSize = 65536 }, new("pc-i440fx-7.2", 1 << 19, Guid.Empty, "x86_64", new HashSet<string>())).Count());
        Assert.Single(RestoreRules.Misfits(stream, twin with { Memory = 1 << 22 }));
        Assert.Single(RestoreRules.Misfits(stream with { Uuid = Guid.NewGuid() }, twin with { Uuid = Guid.NewGuid() }));
    }
}
