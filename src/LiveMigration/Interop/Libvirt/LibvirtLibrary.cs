using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>Finds libvirt's C library on first use; nothing is loaded before.</summary>
internal static class LibvirtLibrary
{
    /// <summary>The name that the imports use; never a file name.</summary>
    internal const string Name = "libvirt";

    /// <summary>An environment variable that names the library file and wins over everything else.</summary>
    internal const string Override = "LIVEMIGRATION_LIBVIRT";

#pragma warning disable CA2255 // The resolver must be there before the first import runs, and nothing else can promise that.
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(LibvirtLibrary).Assembly, Resolve);
#pragma warning restore CA2255

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Name)
            return 0;
        var candidates = Candidates().ToArray();
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle))
                return handle;
        }

        throw new LiveMigrationException(
            Faults.LibraryMissing,
            $"libvirt's client library could not be loaded (tried {string.Join(", ", candidates)}).");
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(Override) is { Length: > 0 } named)
            return [named];
        if (OperatingSystem.IsWindows())
            return ["libvirt-0.dll"];
        return OperatingSystem.IsMacOS()
            ? ["libvirt.0.dylib", "/opt/homebrew/lib/libvirt.0.dylib", "/usr/local/lib/libvirt.0.dylib"]
            : ["libvirt.so.0"];
    }
}
