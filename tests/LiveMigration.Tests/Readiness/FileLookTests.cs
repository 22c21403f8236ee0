using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;

namespace LiveMigration.Tests.Readiness;

/// <summary>R4: on this machine, with its own shell.</summary>
public sealed class FileLookTests
{
    [Fact]
    public async Task R4_a_shell_tells_what_is_there()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var folder = Directory.CreateTempSubdirectory("it's here $(x) ").FullName;
        try
        {
            string[] there = [folder, Path.Combine(folder, "a\\b \"c\" `d`"), "/dev/null"];
            string[] absent = [Path.Combine(folder, "none"), Path.Combine(folder, "none", "deeper"), "/no such folder"];
            await File.WriteAllTextAsync(there[1], "");
            var seen = await FileLook.AtAsync(Given.Host("a", "qemu:///system"), [.. there, .. absent], blockersOnly: true, CancellationToken.None);
            Assert.Equal(there.Select(path => (path, true)).Concat(absent.Select(path => (path, false))).Order(), seen.Select(one => (one.Key, one.Value)).Order());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("qemu+tcp://b/system", false)]
    [InlineData("qemu+ssh://b/system", true)]
    public async Task R4_a_host_into_which_nobody_looks_tells_nothing(string uri, bool blockersOnly)
    {
        var missing = await Assert.ThrowsAsync<MissingFactException>(() => FileLook.AtAsync(Given.Host("b", uri), ["/x"], blockersOnly, CancellationToken.None));
        Assert.True(missing.IsUntold);
        Assert.Equal("Files can be looked for only on b itself, or over qemu+ssh.", missing.Message);
    }
}
