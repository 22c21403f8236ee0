using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace LiveMigration.PowerShell;

/// <summary>
/// The load context of <c>LiveMigration.Yaml</c> and the library it brings along: another module's copy of that library, in the default
/// context, is not used, whatever its version. Nothing is loaded before the first file is read or written.
/// </summary>
internal sealed class YamlContext(string folder) : AssemblyLoadContext("LiveMigration")
{
#pragma warning disable CA2255 // Before the first type of that assembly is touched, which nothing else can promise.
    [ModuleInitializer]
    internal static void Register()
#pragma warning restore CA2255
    {
        var here = typeof(YamlContext).Assembly;
        var folder = Path.Combine(Path.GetDirectoryName(here.Location)!, "dependencies");

        // Elsewhere, as in a test, the program that loaded this assembly brings the others.
        if (!Directory.Exists(folder))
            return;
        var own = new YamlContext(folder);
        GetLoadContext(here)!.Resolving += (_, name) => name.Name == "LiveMigration.Yaml" ? own.LoadFromAssemblyName(name) : null;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = Path.Combine(folder, $"{assemblyName.Name}.dll");
        return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }
}
