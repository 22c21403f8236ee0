using LiveMigration.Hosts;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests.Storage;

/// <summary>M6: a shell is asked for the names of servers, which come from definitions that others wrote.</summary>
public sealed class HostServersTests
{
    /// <summary>No name ends the list of names: what follows it would be run.</summary>
    [Fact]
    public async Task A_name_of_a_server_is_never_run()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var file = Path.Combine(Path.GetTempPath(), $"lm-{Guid.NewGuid():N}");
        try
        {
            string[] names = ["end of names", "LiveMigration", $"touch {file}", $"$(touch {file})", $"`touch {file}`", $"a\rtouch {file}", $"a;touch {file}", "-x", "", "127.0.0.1", "127.0.0.2"];
            var said = await HostShell.AsUser("here", HostUri.Parse("qemu:///system")).RunAsync(HostServers.Script(names), CancellationToken.None);
            Assert.False(File.Exists(file), said);
            // The others are asked for nevertheless.
            var found = HostServers.Parse(said);
            Assert.Equal(["127.0.0.1", "127.0.0.2"], found.Names.Select(name => name.Key).Where(name => name != "LiveMigration").Order());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("name 10.9.0.5 san\nname 10.9.0.5 san\nname 10.9.0.4 san", "san", "10.9.0.4, 10.9.0.5")]
    [InlineData("name 10.9.0.5 san", "SAN", "10.9.0.5")]
    [InlineData("name 10.9.0.5 san", "other", "")]
    [InlineData("name 10.9.0.5 other\nunanswered san", "San", null)]
    public void A_name_without_an_answer_is_no_name_without_addresses(string said, string name, string? addresses) =>
        Assert.Equal(addresses, HostServers.Parse(said).Addresses(name) is { } found ? string.Join(", ", found) : null);
}
