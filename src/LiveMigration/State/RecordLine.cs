using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LiveMigration.State;

/// <summary>
/// A record as a line of JSON. Its last member, <c>sum</c>, is a checksum over all that is before it: a line that was changed is none.
/// </summary>
/// <param name="Record">What it says; null where it cannot be understood.</param>
/// <param name="Number">Its place in its log, from 1; null where it has none.</param>
/// <param name="Problem">Why there is no record.</param>
internal readonly record struct RecordLine(StateRecord? Record, long? Number, string? Problem)
{
    /// <summary>Of the envelope, not of what is in it. A newer one is not read.</summary>
    internal const int Version = 1;

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const int SumLength = 16;
    private const int TailLength = SumLength + 10;

    private static readonly HashSet<string> Envelope = ["v", "n", "key", "kind", "at", "machine", "boot", "pid", "started", "sum"];

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line of a record, with its newline.</summary>
    /// <param name="record">The record.</param>
    /// <param name="number">Its place in its log; null where it has a file of its own.</param>
    /// <exception cref="ArgumentException">A field has a name of the envelope's.</exception>
    internal static byte[] Write(StateRecord record, long? number)
    {
        var line = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(line, Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            if (number is { } n)
                json.WriteNumber("n", n);
            if (record.Key is { } key)
                json.WriteString("key", key);
            json.WriteString("kind", record.Kind);
            json.WriteString("at", record.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            json.WriteString("machine", record.Writer.Machine);
            json.WriteString("boot", record.Writer.Boot);
            json.WriteNumber("pid", record.Writer.ProcessId);
            json.WriteNumber("started", record.Writer.Started);
            foreach (var (name, value) in record.Fields.All)
                Write(json, name, value.Value!);
            json.WriteEndObject();
        }

        var body = line.WrittenSpan[..^1];
        return [.. body, .. Tail(body), (byte)'\n'];
    }

    /// <summary>Reads a line, without its newline. Nothing that is in it throws.</summary>
    internal static RecordLine Read(ReadOnlyMemory<byte> line)
    {
        if (line.Length <= TailLength || !line.Span[^TailLength..].SequenceEqual(Tail(line.Span[..^TailLength])))
            return new(null, null, "is not a record, or was altered");
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            long? number = json.TryGetProperty("n", out var n) ? n.GetInt64() : null;
            return json.GetProperty("v").GetInt32() is var version and not Version
                ? new(null, number, $"is a record of version {version}, and this module reads version {Version}")
                : new(Read(json), number, null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return new(null, null, "is not a record");
        }
    }

    private static StateRecord Read(JsonElement json) => new(
        Text(json, "kind"),
        DateTimeOffset.ParseExact(Text(json, "at"), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        new RecordWriter(Text(json, "machine"), Text(json, "boot"), json.GetProperty("pid").GetInt32(), json.GetProperty("started").GetInt64()),
        new RecordFields(json.EnumerateObject().Where(field => !Envelope.Contains(field.Name)).Select(field => (field.Name, Read(field)))))
    {
        Key = json.TryGetProperty("key", out var key) ? key.GetGuid() : null,
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");

    /// <summary>A field of another type is a later version's, and as if it were not there.</summary>
    private static FieldValue Read(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.String => field.Value.GetString(),
        JsonValueKind.Number when field.Value.TryGetInt64(out var number) => number,
        JsonValueKind.True => true,
        JsonValueKind.Array when field.Value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String) =>
            FieldValue.List(field.Value.EnumerateArray().Select(item => item.GetString()!)),
        _ => default,
    };

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        if (Envelope.Contains(name))
            throw new ArgumentException($"A field cannot be called '{name}'.", nameof(name));
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case string[] items:
                json.WriteStartArray(name);
                foreach (var item in items)
                    json.WriteStringValue(item);
                json.WriteEndArray();
                break;
            default:
                json.WriteBoolean(name, true);
                break;
        }
    }

    private static byte[] Tail(ReadOnlySpan<byte> body) =>
        Encoding.ASCII.GetBytes($",\"sum\":\"{Convert.ToHexString(SHA256.HashData(body))[..SumLength].ToLowerInvariant()}\"}}");
}
