using System.Reflection;
using System.Text.RegularExpressions;

namespace LiveMigration.PowerShell.Tests;

/// <summary>The module as the build left it, read without running any of it, and the sources beside it.</summary>
internal static class Module
{
    private static readonly Lazy<Assembly[]> Loaded = new(Load);

    public static string Root { get; } = FindRoot();

    public static string Manifest { get; } = File.ReadAllText(Path.Combine(Root, "LiveMigration.psd1"));

    public static string Version { get; } = Regex.Match(Manifest, @"ModuleVersion\s*=\s*'(.+?)'").Groups[1].Value;

    public static string Folder { get; } = Source("artifacts", "module", "LiveMigration", Version);

    /// <summary>The types of both assemblies.</summary>
    public static IEnumerable<Type> Types => Loaded.Value.SelectMany(assembly => assembly.GetTypes());

    public static IEnumerable<Cmdlet> Cmdlets =>
        Types.Where(Cmdlet.Is).Select(type => new Cmdlet(type)).OrderBy(cmdlet => cmdlet.Name);

    /// <summary>For theories: one row per cmdlet.</summary>
    public static TheoryData<string> CmdletNames => [.. Cmdlets.Select(cmdlet => cmdlet.Name)];

    public static Cmdlet Find(string cmdlet) => Cmdlets.Single(candidate => candidate.Name == cmdlet);

    public static string Source(params string[] path) => Path.Combine([Root, .. path]);

    private static Assembly[] Load()
    {
        string[] places = [Folder, Path.Combine(Folder, "dependencies"), AppContext.BaseDirectory, Path.GetDirectoryName(typeof(object).Assembly.Location)!];
        var files = places.SelectMany(place => Directory.GetFiles(place, "*.dll")).DistinctBy(Path.GetFileName);
        var context = new MetadataLoadContext(new PathAssemblyResolver(files));
        return [context.LoadFromAssemblyName("LiveMigration"), context.LoadFromAssemblyName("LiveMigration.PowerShell")];
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LiveMigration.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("LiveMigration.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
