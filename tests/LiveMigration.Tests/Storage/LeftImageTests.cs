using LiveMigration.Storage;
using LiveMigration.Storage.Images;

namespace LiveMigration.Tests.Storage;

/// <summary>What a domain left behind is ours as long as nobody has touched it.</summary>
public sealed class LeftImageTests
{
    private static readonly Guid Domain = Guid.NewGuid();
    private static readonly Guid Host = Guid.NewGuid();
    private static readonly Volume Image = new("default", "web.qcow2", "/images/a web.qcow2", "qcow2", 1 << 30, 4096, 8192, Backing: null, Changed: 1700000000.123456789m);

    [Fact]
    public void An_image_that_was_left_is_known_until_anything_about_it_is_different()
    {
        LeftImage.Record(Domain, Host, Image);
        Assert.NotNull(LeftImage.Of(Domain, Host, Image));
        Assert.Null(LeftImage.Of(Guid.NewGuid(), Host, Image)); // Another VM's.
        Assert.Null(LeftImage.Of(Domain, Guid.NewGuid(), Image));
        Assert.Null(LeftImage.Of(Domain, Host, Image with { Path = "/images/other" }));
        Assert.Null(LeftImage.Of(Domain, Host, Image with { Length = 8193 }));
        Assert.Null(LeftImage.Of(Domain, Host, Image with { Changed = Image.Changed + 0.000000001m }));
        Assert.Null(LeftImage.Of(Domain, Host, Image with { Changed = null }));

        // Left a second time: only what is there now counts.
        LeftImage.Record(Domain, Host, Image with { Changed = Image.Changed + 1 });
        Assert.Null(LeftImage.Of(Domain, Host, Image));
        LeftImage.Of(Domain, Host, Image with { Changed = Image.Changed + 1 })!.Forget();
        Assert.Null(LeftImage.Of(Domain, Host, Image with { Changed = Image.Changed + 1 }));

        // A host that does not say when a file was changed cannot say that it was not.
        LeftImage.Record(Domain, Host, Image with { Changed = null });
        Assert.Null(LeftImage.Of(Domain, Host, Image with { Changed = null }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("left-1 a b c d e f")]
    [InlineData("left-2 5a7e1a1c-0000-4000-8000-000000000001 5a7e1a1c-0000-4000-8000-000000000002 5a7e1a1c-0000-4000-8000-000000000003 /x 1 2")]
    [InlineData("left-1 5a7e1a1c-0000-4000-8000-000000000001 5a7e1a1c-0000-4000-8000-000000000002 5a7e1a1c-0000-4000-8000-000000000003 /x 1")]
    public void What_is_damaged_is_no_entry(string line) => Assert.Null(LeftImage.Parse(line));
}
