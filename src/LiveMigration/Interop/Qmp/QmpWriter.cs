using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveMigration.Interop.Qmp;

/// <summary>Writes commands as lines of JSON.</summary>
internal static class QmpWriter
{
    /// <summary>JSON nests as deep here as QEMU's own parser allows: each layer of a disk's backing chain is a level.</summary>
    internal const int MaxDepth = 1024;

    internal static ReadOnlyMemory<byte> Command(long id, string command, bool outOfBand, JsonObject? arguments) => Line(writer =>
    {
        writer.WriteString(outOfBand ? "exec-oob" : "execute", command);
        if (arguments is not null)
        {
            writer.WritePropertyName("arguments");
            arguments.WriteTo(writer);
        }

        writer.WriteNumber("id", id);
    });

    /// <summary>An object on a line of its own.</summary>
    internal static ReadOnlyMemory<byte> Line(Action<Utf8JsonWriter> properties)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = MaxDepth, SkipValidation = true }))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }
}
