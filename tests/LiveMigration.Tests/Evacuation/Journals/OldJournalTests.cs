using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Tests.State;
using LiveMigration.Units;

namespace LiveMigration.Tests.Evacuation.Journals;

/// <summary>Journals that version 0.1 wrote, as it wrote them.</summary>
public sealed class OldJournalTests : IDisposable
{
    private readonly GivenState _state = new();

    private HostEvacuations Evacuations => new(_state.Store);

    public void Dispose() => _state.Dispose();

    [Fact]
    public void An_evacuation_of_an_earlier_version_is_told_as_it_was()
    {
        Put("resumed");
        Put("failed");
        Assert.Equal(["failed", "resumed"], Evacuations.Ids);

        var resumed = Evacuations.Get("resumed");
        Assert.Equal(("20261128-092434-2f81", EvacuationState.Completed, 2, "2026-11-28T09:24:34"), (resumed.Id, resumed.State, resumed.Moved, $"{resumed.StartTime:s}"));
        Assert.Single(resumed.ResumeTimes);
        var db = resumed.Domains.Single(domain => domain.Name == "db1");
        Assert.Equal(("b", 114_794_613L, 31.0, 2), (db.Destination, db.Transferred, db.Downtime!.Value.TotalMilliseconds, db.Tries.Count));
        Assert.Equal(Faults.EvacuationStopped, db.Tries[0].Fault);
        Assert.Equal(["a"], resumed.Sources);
        Assert.Equal(["b"], resumed.Plan.Options.Destinations);
        Assert.Equal(20_971_520, resumed.Plan.Options.Bandwidth.BytesPerSecond);
        Assert.Equal(new RecordedHost("b", "qemu+tcp://10.83.0.12/system", Guid.Parse("00000012-1ab0-4000-8000-000000000012")), Evacuations.HostsOf("resumed")[1]);

        var failed = Evacuations.Get("failed");
        Assert.Equal((EvacuationState.Failed, 1, 1), (failed.State, failed.Moved, failed.Stayed));
        Assert.Equal("b already has another domain named 'db1' (UUID 243f2b1b-42d3-4bfd-9bfe-190d9fc67c7a).", failed.Domains.Single(domain => domain.Name == "db1").Error);
    }

    [Fact]
    public void Every_field_is_read()
    {
        Put("killed");
        var plan = Evacuations.PlanOf("killed");
        Assert.Equal(
            new EvacuationPolicy
            {
                OnFailure = OnFailure.Suspend, Attempts = 5, MaxFailures = 2, Canary = 1, Deadline = new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.FromHours(1)),
                OnDeadline = OnDeadline.PostCopy, AutoConverge = true, MaxDowntime = Duration.FromMilliseconds(700), Compression = MigrationCompression.None, CopyStorage = CopyStorage.Full,
                PrepareTimeout = Duration.Parse("25min"), AllowUnsafe = true, Tls = MigrationTls.Required,
                AssumeShared = plan.Policy.AssumeShared, AllowLosingSnapshots = plan.Policy.AllowLosingSnapshots, SkipReadiness = plan.Policy.SkipReadiness,
            },
            plan.Policy);
        Assert.Equal("vdb,web1/vdc|vda|LM07*,LM001|b,c", $"{string.Join(',', plan.Policy.AssumeShared)}|{string.Join(',', plan.Policy.AllowLosingSnapshots)}|{string.Join(',', plan.Policy.SkipReadiness)}|{string.Join(',', plan.Options.Destinations)}");
        Assert.Equal(["line 1 1250000000 4", "nas 125000000 "], plan.Description.Links.Select(link => $"{link.Name} {link.Bandwidth.BytesPerSecond} {link.MaxMigrations}"));
        Assert.Equal(["a* line 1  2 ", "b  nas  3"], plan.Description.Hosts.Select(host => $"{host.Name} {string.Join(',', host.Links)} {host.Storage} {host.MaxOutgoing} {host.MaxIncoming}"));
        Assert.Equal(["db, * -1 db ", "gpu   nas"], plan.Description.Domains.Select(wishes => $"{wishes.Name} {wishes.Priority} {wishes.AntiAffinityGroup} {string.Join(',', wishes.Storage)}"));
        Assert.Equal(
            ["web 1 a c b 4294967296 3145728 True ", "db a b c 4294967296  False b,c"],
            plan.Moves.Select(move => $"{move.Domain.Name} {move.Source} {move.Destination} {string.Join(',', move.Alternatives)} {move.Domain.Memory} {move.Domain.DirtyRate} {move.Alone} {string.Join(',', move.Domain.Storage)}"));
        Assert.Equal("a PCI device = passed, through", Assert.Single(plan.Unmovable).Reason);
        var web = Evacuations.Get("killed").Domains[0];
        Assert.Equal((EvacuatedState.Moved, "It broke, 100 % ü.", 1100L), (web.State, web.Tries[0].Error, web.Transferred!.Value));
    }

    /// <summary>Who resumes it writes records after its lines.</summary>
    [Fact]
    public void An_evacuation_that_an_earlier_version_left_is_resumed()
    {
        var file = Put("killed");
        var before = File.ReadAllText(file);
        Assert.Equal(EvacuationState.Interrupted, Evacuations.Get("killed").State);
        var db = Evacuations.Get("killed").Domains.Single(domain => domain.Name == "db");
        using (var journal = new EvacuationJournals(_state.Store).Resume("killed"))
        {
            Assert.Equal(EvacuationState.Running, Evacuations.Get("killed").State);
            journal.Attempt(db.Uuid, "c", pauses: false);
            journal.Moved(db.Uuid, "c", null);
            journal.End();
        }

        // One of its VMs cannot be moved.
        var now = Evacuations.Get("killed");
        Assert.Equal((EvacuationState.Failed, 2, _state.Clock.GetUtcNow()), (now.State, now.Moved, now.ResumeTimes[0]));
        Assert.StartsWith(before, File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(4, File.ReadLines(file).Count(line => line.StartsWith("{\"v\":1,\"n\":", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("moved vm", "tried vm")] // In the middle.
    [InlineData("version=1", "version=2")]
    [InlineData(" ready", " ready ")]
    public void An_old_journal_that_was_altered_is_refused(string text, string instead)
    {
        var file = Put("resumed");
        File.WriteAllText(file, File.ReadAllText(file).Replace(text, instead, StringComparison.Ordinal));
        Assert.Equal(Faults.JournalDamaged, Assert.Throws<LiveMigrationException>(() => Evacuations.Get("resumed")).Fault);
    }

    [Fact]
    public void An_old_journal_whose_last_line_is_torn_is_resumed()
    {
        var file = Put("killed");
        File.WriteAllText(file, File.ReadAllText(file)[..^20]);
        Assert.Equal(EvacuatedState.Waiting, Evacuations.Get("killed").Domains.Single(domain => domain.Name == "db").State);
        new EvacuationJournals(_state.Store).Resume("killed").Dispose();
        Assert.Equal(EvacuatedState.Waiting, Evacuations.Get("killed").Domains.Single(domain => domain.Name == "db").State);
    }

    private string Put(string name)
    {
        var folder = Path.Combine(_state.Folder, "evacuations");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{name}.journal");
        File.WriteAllText(file, Recorded.Text($"evacuation-0.1-{name}.journal"));
        return file;
    }
}
