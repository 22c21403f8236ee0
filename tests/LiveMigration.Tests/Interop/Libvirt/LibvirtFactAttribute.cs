using System.Runtime.InteropServices;

namespace LiveMigration.Tests.Interop.Libvirt;

/// <summary>A test with libvirt's client library and the driver inside it (<c>test:</c>): no daemon, no root.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibvirtFactAttribute : FactAttribute
{
    private static readonly string? Missing =
        NativeLibrary.TryLoad(Library, out _) ? null : $"libvirt's client library ({Library}) is not installed.";

    public LibvirtFactAttribute() => Skip = Missing;

    public static string Library =>
        OperatingSystem.IsWindows() ? "libvirt-0.dll" : OperatingSystem.IsMacOS() ? "libvirt.0.dylib" : "libvirt.so.0";
}
