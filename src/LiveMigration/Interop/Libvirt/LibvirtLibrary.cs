using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>Finds libvirt's C library, and the one beside it for QEMU, on first use; nothing is loaded before.</summary>
internal static class LibvirtLibrary
{
    /// <summary>The name that the imports use; never a file name.</summary>
    internal const string Name = "libvirt";

    /// <summary>The library with what only QEMU's driver has. It comes with libvirt's own.</summary>
    internal const string QemuName = "libvirt-qemu";

    /// <summary>An environment variable that names libvirt's own library file and wins over everything else; the other is beside it.</summary>
    internal const string Override = "LIVEMIGRATION_LIBVIRT";

#pragma warning disable CA2255 // The resolver must be there before the first import runs, and nothing else can promise that.
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(LibvirtLibrary).Assembly, Resolve);
#pragma warning restore CA2255

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name is not (Name or QemuName))
            return 0;
        var candidates = Candidates(name).ToArray();
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle))
                return handle;
        }

        throw new LiveMigrationException(
            Faults.LibvirtLibraryMissing,
            $"libvirt's client library could not be loaded (tried {string.Join(", ", candidates)}).");
    }

    private static IEnumerable<string> Candidates(string name)
    {
        var (file, folders) =
            OperatingSystem.IsWindows() ? ($"{name}-0.dll", Array.Empty<string>())
            : OperatingSystem.IsMacOS() ? ($"{name}.0.dylib", ["/opt/homebrew/lib", "/usr/local/lib"])
            : ($"{name}.so.0", []);
        if (Environment.GetEnvironmentVariable(Override) is not { Length: > 0 } named)
            return [file, .. folders.Select(folder => Path.Combine(folder, file))];
        return name == Name ? [named] : [Path.Combine(Path.GetDirectoryName(named) ?? "", file)];
    }
}
