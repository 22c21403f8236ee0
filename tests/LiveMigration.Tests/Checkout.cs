namespace LiveMigration.Tests;

/// <summary>Files of the project that are not copied beside the tests.</summary>
internal static class Checkout
{
    private static readonly string Folder = Find();

    /// <summary>A file or folder by its path from the top.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LiveMigration.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("LiveMigration.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
