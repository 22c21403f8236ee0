using LiveMigration.Errors;
using LiveMigration.Migration.Qemu;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.Tests.State;

namespace LiveMigration.Tests.Migration.Qemu;

/// <summary>What a migration between two QEMUs leaves for another process.</summary>
public sealed class QemuJournalTests : IDisposable
{
    private readonly GivenState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void All_that_another_process_needs_comes_back()
    {
        var plan = GivenQemu.Plan(_state.Store);
        using (var journal = new QemuJournal(_state.Store, "one"))
            journal.Begin(plan);
        var records = Assert.Single(QemuRecords.ReadAll(_state.Store));
        var read = new QemuResumePlan
        {
            Record = Assert.Single(new QemuMigrations(_state.Store).List()),
            Records = records,
            Source = records.Process("source", [], _state.Store),
            Destination = records.Process("destination", [], _state.Store),
        }.ToPlan();
        Assert.Equal((plan.Uri, plan.IncomingUri, plan.TlsFolder, true, true), (read.Uri, read.IncomingUri, read.TlsFolder, read.Executes, read.Options.PostCopy));
        Assert.Equal(new Dictionary<string, bool> { ["events"] = false, ["xbzrle"] = true }, read.Before.Capabilities);
        Assert.Equal(new Dictionary<string, object> { ["downtime-limit"] = 300L, ["tls-hostname"] = "b=c" }, read.Before.Parameters);
        Assert.Equal(("livemigration-disk0", "disk0", "/images/new.raw"), (Assert.Single(read.Copies).Id, read.Copies[0].Name, read.Copies[0].Destination.File));
        Assert.Equal(("web1", plan.Source.Address, plan.Destination.Address, GivenQemu.Uuid), (read.Source.Name, read.Source.Address, read.Destination.Address, read.Source.Uuid));
        Assert.Equal((plan.Source.Process, plan.Destination.Process), (read.Source.Process, read.Destination.Process));
    }

    [Fact]
    public void Each_step_is_told_and_the_last_is_gone_with_its_end()
    {
        var migrations = new QemuMigrations(_state.Store);
        var journal = new QemuJournal(_state.Store);
        journal.Begin(GivenQemu.Plan(_state.Store));
        journal.Write(QemuStep.Migrate);
        var record = Assert.Single(migrations.List());
        Assert.Equal((QemuStep.Migrate, "web1", false, Environment.ProcessId), (record.Step, record.Name, record.IsInterrupted, record.ProcessId));
        journal.Dispose();
        Assert.True(Assert.Single(migrations.List()).IsInterrupted);
        journal.Open();
        journal.Write(QemuStep.SourceEnded);
        Assert.True(journal.IsHandedOver);
        journal.End();
        Assert.Empty(migrations.List());
        journal.Write(QemuStep.SourceEnded); // Of one that has ended nothing is written.
    }

    [Fact]
    public async Task Nobody_ends_what_another_process_carries_out()
    {
        var migrations = new QemuMigrations(_state.Store);
        using var journal = new QemuJournal(_state.Store, "one");
        journal.Begin(GivenQemu.Plan(_state.Store));
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => migrations.PlanResumeAsync("one"));
        Assert.Equal(Faults.MigrationInProgress, error.Fault);
        Assert.Contains($"'web1' is being migrated by process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.Throws<LiveMigrationException>(() => migrations.Forget("one"));
        journal.Dispose();
        migrations.Forget("one");
        Assert.Equal(Faults.NoMigration, (await Assert.ThrowsAsync<LiveMigrationException>(() => migrations.PlanResumeAsync("one"))).Fault);
    }

    /// <summary>What is lost of a journal may have been the order to run.</summary>
    [Fact]
    public void A_damaged_journal_counts_as_if_the_destination_had_been_told()
    {
        using (var journal = new QemuJournal(_state.Store, "one"))
        {
            journal.Begin(GivenQemu.Plan(_state.Store));
            journal.Write(QemuStep.Migrate);
            journal.Write(QemuStep.HandOver);
        }

        var file = _state.Store.Logs(QemuJournal.Folder, QemuJournal.Kind).FileOf("one");
        var lines = File.ReadAllLines(file);
        File.WriteAllLines(file, [lines[0], lines[2]]);
        Assert.True(Assert.Single(QemuRecords.ReadAll(_state.Store)).History.Told);
    }

    [Fact]
    public void What_the_destination_refused_it_was_not_told()
    {
        using var journal = new QemuJournal(_state.Store, "one");
        journal.Begin(GivenQemu.Plan(_state.Store));
        foreach (var step in new[] { QemuStep.Copy, QemuStep.PostCopy, QemuStep.PostCopyRefused, QemuStep.HandOver, QemuStep.StartDestination })
            journal.Write(step);
        Assert.True(History().Told);
        journal.Write(QemuStep.Refused);
        Assert.Equal(new QemuHistory { Executes = true, OwnDisks = true, Mirrors = true, Sent = true }, History());

        QemuHistory History() => Assert.Single(QemuRecords.ReadAll(_state.Store)).History;
    }

    /// <summary>Numbers of processes are used again.</summary>
    [Fact]
    public void After_a_new_start_of_its_machine_a_process_of_before_has_ended()
    {
        var before = _state.Of(_state.Store.Self with { Boot = "before" });
        using (var journal = new QemuJournal(before, "one"))
            journal.Begin(GivenQemu.Plan(before));
        var records = Assert.Single(QemuRecords.ReadAll(_state.Store));
        Assert.True(records.Process("source", [], _state.Store).HasEnded);
        Assert.False(records.Process("source", [], before).HasEnded);
    }

    [Fact]
    public void A_socket_of_another_machine_is_not_looked_for_here()
    {
        var other = _state.Of(_state.Store.Self with { Machine = "other" });
        using (var journal = new QemuJournal(other, "one"))
            journal.Begin(GivenQemu.Plan(other));
        var error = Assert.Throws<LiveMigrationException>(() => Assert.Single(QemuRecords.ReadAll(_state.Store)).Process("source", [], _state.Store));
        Assert.Contains("end it there", error.Message, StringComparison.Ordinal);
    }
}
