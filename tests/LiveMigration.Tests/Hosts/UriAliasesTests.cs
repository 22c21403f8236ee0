using LiveMigration.Hosts;

namespace LiveMigration.Tests.Hosts;

public sealed class UriAliasesTests
{
    /// <summary>As libvirt's packages install it.</summary>
    private const string Installed =
        """
        #
        # This can be used to setup URI aliases for frequently
        # used connection URIs. Aliases may contain only the
        # characters  a-Z, 0-9, _, -.
        #
        # Following the '=' may be any valid libvirt connection
        # URI, including arbitrary parameters

        #uri_aliases = [
        #  "hail=qemu+ssh://root@hail.cloud.example.com/system",
        #  "sleet=qemu+ssh://root@sleet.cloud.example.com/system",
        #]

        #
        # These can be used in cases when no URI is supplied by the application
        # (@uri_default also prevents probing of the hypervisor driver).
        #
        #uri_default = "qemu:///system"
        """;

    [Fact]
    public void A_configuration_as_installed_has_none() => Assert.Empty(Read(Installed));

    [Fact]
    public void A_file_that_is_not_there_has_none() => Assert.Empty(UriAliases.Read("/nonexistent/libvirt.conf"));

    [Fact]
    public void The_example_with_its_comment_signs_taken_away_has_two()
    {
        var aliases = Read(Installed.Replace("#uri_aliases", "uri_aliases", StringComparison.Ordinal)
            .Replace("#  \"", "  \"", StringComparison.Ordinal).Replace("#]", "]", StringComparison.Ordinal));
        Assert.Equal(["hail", "sleet"], aliases.Keys.Order());
        Assert.Equal("qemu+ssh://root@sleet.cloud.example.com/system", aliases["sleet"]);
    }

    [Theory]
    [InlineData("uri_aliases = [ \"a=qemu+tcp://a/system\", \"b=qemu+tcp://b/system\" ]")]
    [InlineData("uri_aliases=['a=qemu+tcp://a/system','b=qemu+tcp://b/system',]")]
    [InlineData("uri_default = \"qemu:///system\"\r\n  uri_aliases = [\r\n\t'a=qemu+tcp://a/system',\r\n\r\n\t\"b=qemu+tcp://b/system\"\r\n]\r\n")]
    [InlineData("uri_aliases = [\n  \"a=qemu+tcp://a/system\",\n# \"c=qemu+tcp://c/system\",\n  \"b=qemu+tcp://b/system\"]  # it's ours")]
    public void However_the_list_is_written(string text) => Assert.Equal(
        [new("a", "qemu+tcp://a/system"), new("b", "qemu+tcp://b/system")], Read(text).OrderBy(alias => alias.Key));

    [Fact]
    public void The_bracket_of_an_IPv6_address_does_not_end_the_list()
    {
        var aliases = Read("uri_aliases = [ \"a=qemu+ssh://root@[fd00::11]/system\", 'b=qemu+ssh://root@[fd00::12]/system' ]");
        Assert.Equal("qemu+ssh://root@[fd00::11]/system", aliases["a"]);
        Assert.Equal("qemu+ssh://root@[fd00::12]/system", aliases["b"]);
    }

    [Fact]
    public void A_quote_of_the_other_kind_is_part_of_the_uri() => Assert.Equal(
        "qemu+ssh://b/system?command=ssh -F 'x'", Read("uri_aliases = [ \"b=qemu+ssh://b/system?command=ssh -F 'x'\" ]")["b"]);

    [Fact]
    public void An_equals_sign_in_the_uri_is_part_of_it() => Assert.Equal(
        "qemu+ssh://b/system?keyfile=/k&no_tty=1", Read("uri_aliases = [ 'b=qemu+ssh://b/system?keyfile=/k&no_tty=1' ]")["b"]);

    [Fact]
    public void Of_two_with_one_name_the_first_counts_as_with_libvirt() =>
        Assert.Equal("qemu+tcp://1/system", Read("uri_aliases = [ 'b=qemu+tcp://1/system', 'b=qemu+tcp://2/system' ]")["b"]);

    [Theory]
    [InlineData("")]
    [InlineData("uri_aliases = []")]
    [InlineData("uri_aliases = [ \"b=qemu+tcp://b/system\"")]
    [InlineData("uri_aliases = [ \"b\" ]")]
    [InlineData("my_uri_aliases = [ \"b=qemu+tcp://b/system\" ]")]
    public void What_is_no_list_of_aliases_has_none(string text) => Assert.Empty(Read(text));

    private static IReadOnlyDictionary<string, string> Read(string text)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            return UriAliases.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
