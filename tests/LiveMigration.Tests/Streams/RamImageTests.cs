using LiveMigration.Streams.Reading;

namespace LiveMigration.Tests.Streams;

/// <summary>A guest's memory holds its keys and passwords.</summary>
public sealed class RamImageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Memory_is_written_for_its_user_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        var made = Path.Combine(_folder.FullName, "ram");
        using (var image = new RamImage(made, replace: false))
            image.Add("pc.ram");

        const UnixFileMode User = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(User, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(made))));
        Assert.Equal(User | UnixFileMode.UserExecute, File.GetUnixFileMode(made));
    }
}
