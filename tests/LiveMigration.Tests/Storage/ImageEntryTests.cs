using LiveMigration.Storage.Images;

namespace LiveMigration.Tests.Storage;

public sealed class ImageEntryTests
{
    /// <summary>D20: every migration that copies a disk reads all entries; one that is damaged must not fail it.</summary>
    [Theory]
    [InlineData("image-1 a b c d e made 1 2")]
    [InlineData("image-1 00000000-0000-0000-0000-000000000000 00000000-0000-0000-0000-000000000000 00000000-0000-0000-0000-000000000000 p n made 99999999999999 2")]
    [InlineData("image-1")]
    [InlineData("")]
    public void A_damaged_entry_is_passed_over(string line) => Assert.Null(ImageEntry.Parse(line));
}
