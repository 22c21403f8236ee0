namespace LiveMigration.Module.Tests;

/// <summary>The module as the build left it.</summary>
internal static class Module
{
    public static string Root { get; } = FindRoot();

    public static string Manifest { get; } =
        Directory.GetFiles(Path.Combine(Root, "artifacts", "module"), "LiveMigration.psd1", SearchOption.AllDirectories).Single();

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LiveMigration.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("LiveMigration.sln is in no folder above the tests.");
        return folder;
    }
}
