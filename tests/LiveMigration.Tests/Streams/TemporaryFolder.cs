namespace LiveMigration.Tests.Streams;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lm-streams");

    internal string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
