using LiveMigration.Storage;
using LiveMigration.Storage.Images;
using LiveMigration.Tests.State;

namespace LiveMigration.Tests.Storage;

/// <summary>What a domain left behind is ours as long as nobody has touched it.</summary>
public sealed class LeftImagesTests : IDisposable
{
    private static readonly Guid Domain = Guid.NewGuid();
    private static readonly Guid Host = Guid.NewGuid();
    private static readonly Volume Image = new("default", "web.qcow2", "/images/a web.qcow2", "qcow2", 1 << 30, 4096, 8192, Backing: null, Changed: 1700000000.123456789m);

    private readonly GivenState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void An_image_that_was_left_is_known_until_anything_about_it_is_different()
    {
        var images = new LeftImages(_state.Store);
        images.Record(Domain, Host, Image);
        Assert.NotNull(images.Find(Domain, Host, Image));
        Assert.Null(images.Find(Guid.NewGuid(), Host, Image)); // Another VM's.
        Assert.Null(images.Find(Domain, Guid.NewGuid(), Image));
        Assert.Null(images.Find(Domain, Host, Image with { Path = "/images/other" }));
        Assert.Null(images.Find(Domain, Host, Image with { Length = 8193 }));
        Assert.Null(images.Find(Domain, Host, Image with { Changed = Image.Changed + 0.000000001m }));
        Assert.Null(images.Find(Domain, Host, Image with { Changed = null }));

        // Left a second time: only what is there now counts.
        images.Record(Domain, Host, Image with { Changed = Image.Changed + 1 });
        Assert.Null(images.Find(Domain, Host, Image));
        images.Forget(images.Find(Domain, Host, Image with { Changed = Image.Changed + 1 })!);
        Assert.Null(images.Find(Domain, Host, Image with { Changed = Image.Changed + 1 }));

        // A host that does not say when a file was changed cannot say that it was not.
        images.Record(Domain, Host, Image with { Changed = null });
        Assert.Null(images.Find(Domain, Host, Image with { Changed = null }));
    }
}
