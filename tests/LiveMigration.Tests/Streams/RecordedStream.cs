using System.IO.Compression;
using System.Text;
using System.Text.Json;
using LiveMigration.Streams;

namespace LiveMigration.Tests.Streams;

/// <summary>A stream that a real QEMU wrote; Recorded/record.sh makes them again.</summary>
internal static class RecordedStream
{
    private static readonly string Folder = Checkout.PathOf("tests", "LiveMigration.Tests", "Streams", "Recorded");

    internal static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.gz").Select(file => Path.GetFileNameWithoutExtension(file)!).Order();

    internal static string PathOf(string name) => Path.Combine(Folder, $"{name}.gz");

    internal static byte[] Bytes(string name)
    {
        using var file = new GZipStream(File.OpenRead(PathOf(name)), CompressionMode.Decompress);
        var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    internal static MigrationStream Read(byte[] bytes, StreamReading? reading = null) => MigrationStreamReader.Read(new MemoryStream(bytes, writable: false), "recorded", reading);

    /// <summary>The sections in QEMU's own description, as another reader of JSON finds them.</summary>
    internal static IReadOnlyList<(string Name, long Instance, long? Version)> Described(byte[] bytes)
    {
        var start = bytes.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes("\"devices\": ["));
        start = bytes.AsSpan(0, start).LastIndexOf((byte)6) + 5;
        using var json = JsonDocument.Parse(bytes.AsMemory(start));
        return [.. json.RootElement.GetProperty("devices").EnumerateArray().Select(device => (
            device.GetProperty("name").GetString()!, device.GetProperty("instance_id").GetInt64(),
            device.TryGetProperty("version", out var version) ? version.GetInt64() : (long?)null))];
    }
}
