using System.Runtime.InteropServices;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Tests.Interop.Libvirt;

/// <summary>A test with libvirt's client library and the driver inside it (<c>test:</c>): no daemon, no root.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibvirtFactAttribute : FactAttribute
{
    private static readonly string? Missing =
        NativeLibrary.TryLoad(Library(), out _) ? null : $"libvirt's client library ({Library()}) is not installed.";

    public LibvirtFactAttribute() => Skip = Missing;

    public static string Library(string name = LibvirtLibrary.Name) =>
        OperatingSystem.IsWindows() ? $"{name}-0.dll" : OperatingSystem.IsMacOS() ? $"{name}.0.dylib" : $"{name}.so.0";
}
