using LiveMigration.Domains;
using LiveMigration.Ownership;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;

namespace LiveMigration.Tests.Storage;

/// <summary>A transient pool is ours by its entry, and by nothing else.</summary>
public sealed class PoolEntryTests
{
    [Fact]
    public void An_entry_is_read_as_it_was_written()
    {
        var entry = new PoolEntry(Guid.NewGuid(), Guid.NewGuid(), PoolFacts.MomentaryPrefix + "0123456789abcdef", JournalWriter.Self);
        Assert.Equal(entry, PoolEntry.Parse(entry.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pool-1 x y z 1 2")]
    [InlineData("pool-1 5a7e1a1c-0000-4000-8000-000000000001 5a7e1a1c-0000-4000-8000-000000000002 default 1 2")] // Not a name that we give.
    [InlineData("pool-1 5a7e1a1c-0000-4000-8000-000000000001 5a7e1a1c-0000-4000-8000-000000000002 livemigration.transient-0 1 99999999999999999999")]
    [InlineData("pool-2 5a7e1a1c-0000-4000-8000-000000000001 5a7e1a1c-0000-4000-8000-000000000002 livemigration.transient-0 1 2")]
    public void What_is_damaged_or_names_another_pool_is_no_entry(string line) => Assert.Null(PoolEntry.Parse(line));

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
