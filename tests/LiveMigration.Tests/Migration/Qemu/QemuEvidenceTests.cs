using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.Planning;
using LiveMigration.State;
using LiveMigration.Tests.State;

namespace LiveMigration.Tests.Migration.Qemu;

/// <summary>What between two QEMUs has to be proven before a guest or a disk is trusted to it.</summary>
public sealed class QemuEvidenceTests : IDisposable
{
    private readonly GivenState _state = new();

    public void Dispose() => _state.Dispose();

    /// <summary>The same bytes are another disk as another format.</summary>
    [Theory]
    [InlineData("qcow2", 1L << 20, false, null)]
    [InlineData("raw", 1L << 20, false, "is qcow2 of 1048576 bytes, and /b at the destination raw")]
    [InlineData("qcow2", 1L << 21, false, "2097152 bytes")]
    [InlineData("qcow2", null, false, "an unknown size")]
    [InlineData("qcow2", 1L << 20, true, "a further file")]
    public void A_backing_file_is_the_same_only_in_its_format_and_size_too(string format, long? size, bool hasDataFile, string? why)
    {
        var source = Overlay("qcow2", 1 << 20);
        var found = QemuBaseEvidence.DifferentForm(source, Overlay(format, size) with { HasDataFile = hasDataFile });
        if (why is null)
            Assert.Null(found);
        else
            Assert.Contains(why, found, StringComparison.Ordinal);
        Assert.Contains("vmdk", QemuBaseEvidence.DifferentForm(Overlay("vmdk", 1), Overlay("vmdk", 1)), StringComparison.Ordinal);
        Assert.NotNull(QemuBaseEvidence.DifferentForm(source, source with { BackingForms = [] }));
    }

    /// <summary>QEMU would take the order, and the destination would start before it is known what it has read.</summary>
    [Theory]
    [InlineData("exec:cat", true, "programs or a file")]
    [InlineData("file:/m", true, "programs or a file")]
    [InlineData("tcp:b:1", false, "-PostCopy")]
    public async Task Post_copy_that_was_not_asked_for_or_has_no_connection_is_refused_before_anything_is_done(string uri, bool asked, string word)
    {
        var plan = GivenQemu.Plan(_state.Store) with { Uri = uri, Options = new MigrationOptions { PostCopy = asked } };
        using var journal = new QemuJournal(_state.Store, "one");
        journal.Begin(plan);
        var guest = new MigratingGuest("web1", GivenQemu.Uuid, "a");
        var run = new MigrationRun(guest, "b", plan.Options, MigrationMode.Direct, foreign: false, null);
        var postCopy = new QemuPostCopy(run, plan, journal);
        var refused = await Assert.ThrowsAsync<LiveMigrationException>(() => postCopy.StartAsync(default));
        Assert.Equal(Faults.PostCopyNotPossible, refused.Fault);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        Assert.Equal((false, false, QemuStep.Begin), (postCopy.IsSwitching, postCopy.IsArmed, Assert.Single(QemuRecords.ReadAll(_state.Store)).Step));
    }

    /// <summary>That the destination may have been told does not prove what it has read.</summary>
    [Fact]
    public void A_damaged_journal_proves_nothing_of_what_was_read()
    {
        using (var journal = new QemuJournal(_state.Store, "one"))
        {
            journal.Begin(GivenQemu.Plan(_state.Store) with { Uri = "exec:cat", Nonce = new("n", null, null) });
            journal.Write(QemuStep.Migrate);
        }

        var records = Assert.Single(QemuRecords.ReadAll(_state.Store));
        Assert.True(records.History is { Told: false, IsUnproven: true, MaySend: true });
        var history = QemuHistory.Of([records.First], complete: false);
        Assert.True(history is { MayHaveRun: true, IsUnproven: true });
    }

    [Fact]
    public void A_file_with_memory_is_told_of_when_its_migration_is_forgotten()
    {
        var migrations = new QemuMigrations(_state.Store);
        var plan = GivenQemu.Plan(_state.Store) with { Uri = "file:/mnt/m" };
        using (var journal = new QemuJournal(_state.Store, "one"))
        {
            journal.Begin(plan);
            Assert.False(journal.HasSent);
            journal.Write(QemuStep.Migrate);
            Assert.True(journal.HasSent);
        }

        using (var journal = new QemuJournal(_state.Store, "two"))
            journal.Begin(plan);
        Assert.Contains("/mnt/m", migrations.Forget("one"), StringComparison.Ordinal);
        Assert.Null(migrations.Forget("two")); // What was not begun is not its file.
    }

    [Fact]
    public void What_was_waited_for_before_an_interruption_is_waited_for_after_it()
    {
        var plan = GivenQemu.Plan(_state.Store) with { Options = new MigrationOptions { StallTimeout = TimeSpan.FromMinutes(7) } };
        using (var journal = new QemuJournal(_state.Store, "one"))
            journal.Begin(plan);
        var resume = new QemuResumePlan
        {
            Record = Assert.Single(new QemuMigrations(_state.Store).List()),
            Records = Assert.Single(QemuRecords.ReadAll(_state.Store)),
            Source = plan.Source,
            Destination = plan.Destination,
        };
        Assert.Equal(TimeSpan.FromMinutes(7), resume.ToPlan().Options.StallTimeout.Value);
    }

    [Fact]
    public void Settings_that_are_not_of_this_migration_are_the_users()
    {
        var nonce = new QemuStreamNonce("livemigration-1", null, null);
        Assert.True(nonce.IsIn(new Dictionary<string, object> { [QemuStreamNonce.Mapping] = """[{"node-name":"livemigration-1","alias":"livemigration-1"}]""" }));
        Assert.False(nonce.IsIn(new Dictionary<string, object> { [QemuStreamNonce.Mapping] = """[{"node-name":"livemigration-12","alias":"mine"}]""" }));
        Assert.False(nonce.IsIn(new Dictionary<string, object>()));
    }

    [Fact]
    public void Data_above_a_base_counts_as_what_its_image_takes()
    {
        var overlay = Overlay("qcow2", 1 << 20) with { ActualSize = 5000 };
        var plan = GivenQemu.Plan(_state.Store) with { Copies = [new QemuDiskCopy(overlay, overlay, 0) { IsAboveBase = true }, new QemuDiskCopy(overlay, overlay, 1)] };
        Assert.Equal(5000 + (1 << 20), plan.DiskBytes);
    }

    [Theory]
    [InlineData("VmRSS:\t   100 kB|VmSwap:\t  20 kB|HugetlbPages:\t  3000 kB", 3120L * 1024)]
    [InlineData("VmRSS:\t   100 kB", 100L * 1024)]
    [InlineData("HugetlbPages:\t  3000 kB", null)]
    public void Memory_in_use_is_also_in_huge_pages_and_swapped_out(string lines, long? bytes) => Assert.Equal(bytes, QemuForecasting.InUse(lines.Split('|')));

    /// <summary>A command is no address, and may contain a password.</summary>
    [Theory]
    [InlineData(null, "0.0.0.0")]
    [InlineData("exec:TOKEN=secret cat", "0.0.0.0")]
    [InlineData("file:/m", "0.0.0.0")]
    [InlineData("10.0.0.2", "10.0.0.2")]
    public void Disks_are_offered_at_an_address(string? listen, string bound) => Assert.Equal(bound, QemuUri.Bind(listen));

    private static QemuDisk Overlay(string format, long? size) =>
        new("disk0", "n0", "/o", "qcow2", 1 << 20, ReadOnly: false) { Backing = ["/b"], BackingForms = [(format, size)] };
}
