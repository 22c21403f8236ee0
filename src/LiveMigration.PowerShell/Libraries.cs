using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace LiveMigration.PowerShell;

/// <summary>
/// Loads the libraries that the cmdlets bring along into their load context before the first of them runs: a module that has another copy in
/// the default context is not asked. The import itself needs none, and runs no code of this assembly.
/// </summary>
internal static class Libraries
{
    internal const string Context = "LiveMigration";

#pragma warning disable CA2255 // Before the first type of a library is touched, which nothing else can promise.
    [ModuleInitializer]
    internal static void Load()
#pragma warning restore CA2255
    {
        // Elsewhere, as in a test, somebody else has loaded this assembly and sees to its libraries.
        var here = typeof(Libraries).Assembly;
        if (AssemblyLoadContext.GetLoadContext(here) is not { Name: Context } own)
            return;
        foreach (var library in Directory.GetFiles(Path.GetDirectoryName(here.Location)!, "*.dll"))
        {
            if (!Path.GetFileName(library).StartsWith("LiveMigration.", StringComparison.Ordinal))
                own.LoadFromAssemblyPath(library);
        }
    }
}
