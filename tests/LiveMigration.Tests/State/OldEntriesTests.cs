using System.Security.Cryptography;
using System.Text;
using LiveMigration.Migration.Affinity;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;

namespace LiveMigration.Tests.State;

/// <summary>What version 0.1 left on hosts is known to its successor.</summary>
public sealed class OldEntriesTests : IDisposable
{
    private const string One = "5a7e1a1c-0000-4000-8000-000000000001";
    private const string Two = "5a7e1a1c-0000-4000-8000-000000000002";

    private readonly GivenState _state = new();

    public void Dispose() => _state.Dispose();

    /// <summary>Recorded; but for the times of its process.</summary>
    [Fact]
    public void An_image_of_a_dead_client_is_a_leftover()
    {
        Put("images", "ec991bd4-cb65-4d70-b050-d41c18c33cad", "image-1 ec991bd4-cb65-4d70-b050-d41c18c33cad 62d7d518-4b7a-413d-8642-55bdb8187847 00000012-1ab0-4000-8000-000000000012 default w2-vda.qcow2 made 5078 4428606337289867213");
        var images = new ImageJournal(_state.Store);
        var left = Assert.Single(images.Leftovers("default", "w2-vda.qcow2", Guid.Parse("00000012-1ab0-4000-8000-000000000012")));
        Assert.True(left.IsMade);
        images.Remove(left);
        Assert.Empty(images.Entries());
        Assert.Empty(Directory.GetFiles(_state.Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void An_image_that_was_left_behind_is_found_and_replaced_by_a_record()
    {
        Put("left", "8be45f38-167d-4d71-94a1-c2ccdc50d3f3", "left-1 8be45f38-167d-4d71-94a1-c2ccdc50d3f3 127262c4-66ab-48f1-8c32-c0a736238581 00000011-1ab0-4000-8000-000000000011 %2Fvar%2Flib%2Flibvirt%2Fimages%2Fvm3-vda.raw 67108864 1795858424.706948705");
        var (domain, host) = (Guid.Parse("127262c4-66ab-48f1-8c32-c0a736238581"), Guid.Parse("00000011-1ab0-4000-8000-000000000011"));
        var image = new Volume("default", "vm3-vda.raw", "/var/lib/libvirt/images/vm3-vda.raw", "raw", 1 << 26, 0, 67108864, Backing: null, Changed: 1795858424.706948705m);
        var images = new LeftImages(_state.Store);
        Assert.NotNull(images.Find(domain, host, image));
        images.Record(domain, host, image with { Length = 1 });
        Assert.Null(images.Find(domain, host, image));
        Assert.NotNull(images.Find(domain, host, image with { Length = 1 }));
    }

    [Fact]
    public void A_pinning_is_its_clients_while_that_lives()
    {
        var self = _state.Store.Self;
        var start = (BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(self.Boot))) << 40) ^ self.Started;
        var journal = new AffinityJournal(_state.Store);
        Put("affinity", One, $"affinity-1 {One} {One} {Two} FF {self.ProcessId} {start}");
        Assert.Empty(journal.Orphans());
        Put("affinity", One, $"affinity-1 {One} {One} {Two} FF {self.ProcessId} {start + 1}");
        var orphan = Assert.Single(journal.Orphans());
        Assert.Equal((Guid.Parse(One), Guid.Parse(Two), "FF"), (orphan.Domain, orphan.Destination, Convert.ToHexString(orphan.Former)));
        Put("affinity", One, $"affinity-1 {One} {One} {Two} FF -1 {start}");
        Assert.True(Assert.Single(journal.Orphans()).IsReleased);
        // Written again it is a record, and the old file is gone.
        journal.Release(orphan);
        Assert.EndsWith(".json", Assert.Single(Directory.GetFiles(_state.Folder, "*", SearchOption.AllDirectories)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pool_of_a_dead_client_is_stopped()
    {
        Put("pools", One, $"pool-1 {One} {Two} {PoolFacts.MomentaryPrefix}0123 1 2");
        Assert.Equal(PoolFacts.MomentaryPrefix + "0123", Assert.Single(new PoolJournal(_state.Store).Left(Guid.Parse(Two))).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("image-1")]
    [InlineData("image-1 a b c d e made 1 2")]
    [InlineData("image-1 00000000-0000-0000-0000-000000000000 00000000-0000-0000-0000-000000000000 00000000-0000-0000-0000-000000000000 p n made 99999999999999 2")]
    [InlineData("image-2 5a7e1a1c-0000-4000-8000-000000000001 5a7e1a1c-0000-4000-8000-000000000002 5a7e1a1c-0000-4000-8000-000000000001 p n made 1 2")]
    public void What_is_damaged_is_passed_over(string line)
    {
        Put("images", One, line);
        Assert.Empty(new ImageJournal(_state.Store).Entries());
    }

    private void Put(string folder, string key, string line)
    {
        var path = Path.Combine(_state.Folder, folder, _state.Store.Self.Machine);
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, $"{key}.entry"), line);
    }
}
