using LiveMigration.State;
using LiveMigration.Units;

namespace LiveMigration.Tests.State;

/// <summary>How long what has ended is kept.</summary>
public sealed class RetentionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Without_a_file_it_is_24_months_and_256_MiB_each()
    {
        Assert.Equal(new Retention(24, ByteSize.Parse("256MiB"), 24, ByteSize.Parse("256MiB")), Retention.Read(_folder.FullName));
        Assert.Equal(Retention.Default, Retention.Read(Path.Combine(_folder.FullName, "nosuch")));
    }

    [Theory]
    [InlineData("{}", 24, "256MiB", 24, "256MiB")]
    [InlineData("""{"history": {"months": 36, "size": "1GiB"}, "evacuations": {"months": 1, "size": 0}}""", 36, "1GiB", 1, "0")]
    [InlineData("{ // a year\n \"history\": {\"months\": 12},}", 12, "256MiB", 24, "256MiB")]
    public void What_the_file_says_counts_and_the_rest_is_as_without(string text, int months, string size, int evacuationMonths, string evacuationSize) =>
        Assert.Equal(new Retention(months, ByteSize.Parse(size), evacuationMonths, ByteSize.Parse(evacuationSize)), Read(text));

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "the file is not an object")]
    [InlineData("""{"histroy": {}}""", "'histroy' is neither history nor evacuations")]
    [InlineData("""{"history": 24}""", "history is not an object")]
    [InlineData("""{"history": {"month": 24}}""", "'month' of history is neither months nor size")]
    [InlineData("""{"history": {"months": 0}}""", "months of history is not a whole number from 1 to 1200")]
    [InlineData("""{"history": {"months": 1.5}}""", "months of history is not a whole number from 1 to 1200")]
    [InlineData("""{"history": {"months": "24"}}""", "months of history is not a whole number from 1 to 1200")]
    [InlineData("""{"evacuations": {"size": "big"}}""", "'big' is not a size")]
    [InlineData("""{"evacuations": {"size": -1}}""", "size of evacuations is not a size")]
    public void What_is_not_valid_is_refused_by_name_and_nothing_is_removed(string text, string said)
    {
        var error = Assert.Throws<FormatException>(() => Read(text));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("nothing old is removed", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The page has what the code reads.</summary>
    [Fact]
    public void The_example_of_the_page_is_the_default()
    {
        var page = File.ReadAllText(Checkout.PathOf("docs", "STATE.md")).Split("## Retention")[1];
        var example = page[page.IndexOf('{', StringComparison.Ordinal)..(page.IndexOf("\n    }\n", StringComparison.Ordinal) + 6)];
        Assert.Equal(Retention.Default, Read(example));
    }

    private Retention Read(string text)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, Retention.FileName), text);
        return Retention.Read(_folder.FullName);
    }
}
