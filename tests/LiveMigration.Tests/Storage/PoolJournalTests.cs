using LiveMigration.Domains;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;
using LiveMigration.Tests.State;

namespace LiveMigration.Tests.Storage;

/// <summary>A transient pool is ours by its entry, and by nothing else.</summary>
public sealed class PoolJournalTests : IDisposable
{
    private const string Name = PoolFacts.MomentaryPrefix + "0123456789abcdef";

    private static readonly Guid Host = Guid.NewGuid();

    private readonly GivenState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void What_a_client_left_that_has_ended_is_stopped_unless_another_one_uses_it()
    {
        var journal = new PoolJournal(_state.Store);
        var left = new PoolJournal(_state.Dead).Begin(Host, Name);
        Assert.Equal([left], journal.Left(Host));
        Assert.Empty(journal.Left(Guid.NewGuid()));
        var ours = journal.Begin(Host, Name);
        Assert.Empty(journal.Left(Host));
        journal.End(ours);
        Assert.Equal([left], journal.Left(Host));
        journal.End(left);
        Assert.Empty(journal.Left(Host));
    }

    [Theory]
    [InlineData("default")] // Not a name that we give.
    [InlineData("")]
    public void What_names_another_pool_is_no_entry(string name)
    {
        new PoolJournal(_state.Dead).Begin(Host, name);
        Assert.Empty(new PoolJournal(_state.Store).Left(Host));
    }

    [Fact]
    public void What_is_left_of_a_transient_pool_is_its_folder()
    {
        var ours = new PoolFacts(new StoragePool(PoolFacts.MomentaryPrefix + "0", "dir", "/srv/vms/web"), IsActive: true, Origin: null, Available: 1).Lasting();
        Assert.Equal(("/srv/vms/web", true, "folder /srv/vms/web"), (ours.Name, ours.IsMomentary, ours.Words));
        var theirs = new PoolFacts(new StoragePool("default", "dir", "/images"), IsActive: true, Origin: null, Available: 1);
        Assert.Equal((theirs, "pool 'default'"), (theirs.Lasting(), theirs.Words));
        // No folder gives a pool that stays such a name.
        Assert.False(PoolSetup.For("/.transient-x/image").Name.StartsWith(PoolFacts.MomentaryPrefix, StringComparison.Ordinal));
    }
}
