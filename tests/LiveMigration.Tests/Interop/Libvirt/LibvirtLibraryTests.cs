using System.Diagnostics;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Tests.Interop.Libvirt;

/// <summary>A process loads the library once: each of these tests has a process of its own.</summary>
public sealed class LibvirtLibraryTests
{
    [Fact]
    public async Task A_library_that_is_not_there_is_named_when_it_is_first_needed() => Assert.Equal(
        "LibvirtLibraryMissing: libvirt's client library could not be loaded (tried /nonexistent/libvirt.so).",
        await ConnectAsync(library: "/nonexistent/libvirt.so"));

    [LibvirtFact]
    public async Task A_library_that_is_named_is_used() => Assert.Equal("TEST", await ConnectAsync(LibvirtFactAttribute.Library()));

    [LibvirtFact]
    public async Task With_an_empty_name_the_usual_one_is_used() => Assert.Equal("TEST", await ConnectAsync(library: ""));

    private static async Task<string> ConnectAsync(string library)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(Program).Assembly.Location, "test:///default"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[LibvirtLibrary.Override] = library;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("", await errors);
        return output.Trim();
    }
}
