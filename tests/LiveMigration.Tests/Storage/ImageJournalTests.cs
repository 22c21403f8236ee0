using LiveMigration.Storage.Images;
using LiveMigration.Tests.State;

namespace LiveMigration.Tests.Storage;

/// <summary>An image is ours to remove by its entry, and by nothing else.</summary>
public sealed class ImageJournalTests : IDisposable
{
    private static readonly Guid Domain = Guid.NewGuid();
    private static readonly Guid Host = Guid.NewGuid();

    private readonly GivenState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void An_entry_is_read_as_it_was_written()
    {
        var journal = new ImageJournal(_state.Store);
        var planned = journal.Plan(Domain, Host, "/srv/a b", "web.qcow2");
        Assert.Equal([planned], journal.Entries());
        Assert.Equal((false, true), (planned.IsMade, planned.IsInFolder));
        var made = journal.Made(planned);
        Assert.Equal([planned with { IsMade = true }], journal.Entries());
        journal.Remove(made);
        Assert.Empty(journal.Entries());
    }

    [Fact]
    public void What_a_client_left_that_has_ended_is_a_leftover_and_what_one_has_that_lives_is_not()
    {
        var journal = new ImageJournal(_state.Store);
        journal.Plan(Domain, Host, "default", "web.qcow2");
        Assert.Empty(journal.Leftovers("default", "web.qcow2", Host));
        var left = new ImageJournal(_state.Dead).Plan(Domain, Host, "default", "web.qcow2");
        Assert.Equal([left], journal.Leftovers("default", "web.qcow2", Host));
        Assert.Empty(journal.Leftovers("default", "db.qcow2", Host));
        Assert.Empty(journal.Leftovers("other", "web.qcow2", Host));
        Assert.Empty(journal.Leftovers("default", "web.qcow2", Domain));
    }

    /// <summary>D20: every migration that copies a disk reads all entries; one that is damaged must not fail it.</summary>
    [Fact]
    public void An_entry_without_what_it_has_to_say_is_passed_over()
    {
        _state.Store.Records("images", "image").Write(Guid.NewGuid(), ("domain", Domain), ("host", "not a UUID"), ("pool", "default"), ("name", "x"));
        _state.Store.Records("images", "image").Write(Guid.NewGuid(), ("domain", Domain), ("host", Host), ("pool", "default"));
        Assert.Empty(new ImageJournal(_state.Store).Entries());
    }
}
