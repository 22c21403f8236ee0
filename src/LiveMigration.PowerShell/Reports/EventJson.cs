using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LiveMigration.Migration;
using LiveMigration.Migration.Events;
using LiveMigration.Monitoring;

namespace LiveMigration.PowerShell.Reports;

/// <summary>Events → lines of JSON. about_LiveMigration_Monitoring describes the members; what is not known is missing.</summary>
internal static class EventJson
{
    /// <summary>A reader of version 1 must do without members that are new; what changes its meaning gets another version.</summary>
    private const int Version = 1;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A line, with its end.</summary>
    internal static byte[] Line(MigrationEvent what) => Write(what.Time, Word(what.Event), json =>
    {
        Text(json, "vm", what.Name);
        Text(json, "uuid", what.Uuid?.ToString());
        Text(json, "source", what.Source);
        Text(json, "destination", what.Destination);
        Text(json, "migration", what.Migration?.ToString());
        Text(json, "evacuation", what.Evacuation);
        if (what.Progress is { } progress)
            Write(json, progress);
        if (what.Result is { } result)
            Write(json, result);
        Text(json, "text", what.Text);
    });

    /// <summary>The line for events that were left out.</summary>
    internal static byte[] Dropped(DateTimeOffset time, long count) => Write(time, "dropped", json => json.WriteNumber("count", count));

    private static byte[] Write(DateTimeOffset time, string what, Action<Utf8JsonWriter> members)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("event", what);
            members(json);
            json.WriteEndObject();
        }

        return [.. line.WrittenSpan, (byte)'\n'];
    }

    private static void Write(Utf8JsonWriter json, MigrationProgress progress)
    {
        json.WriteString("phase", Word(progress.Phase));
        json.WriteNumber("percent", progress.Percent);
        Number(json, "pass", progress.Iteration);
        Number(json, "sent_bytes", progress.Transferred);
        Number(json, "remaining_bytes", progress.Remaining);
        Number(json, "total_bytes", progress.Total);
        Number(json, "rate_bytes_per_second", progress.Rate);
        Number(json, "dirty_rate_bytes_per_second", progress.DirtyRate);
        Seconds(json, "elapsed_seconds", progress.Elapsed);
        Seconds(json, "time_left_seconds", progress.TimeLeft);
        Seconds(json, "expected_downtime_seconds", progress.ExpectedDowntime);
        Number(json, "throttle_percent", progress.Throttle);
    }

    private static void Write(Utf8JsonWriter json, MigrationResult result)
    {
        json.WriteString("outcome", Word(result.Outcome));
        json.WriteString("verdict", Word(result.Verdict));
        json.WriteString("mode", Word(result.Mode));
        Seconds(json, "total_seconds", result.TotalTime);
        Seconds(json, "downtime_seconds", result.Downtime);
        Number(json, "transferred_bytes", result.Transferred);
        Number(json, "passes", result.Iterations);
        json.WriteBoolean("post_copy", result.PostCopy);
        if (result.Encrypted is { } encrypted)
            json.WriteBoolean("encrypted", encrypted);
        Text(json, "error_id", result.Fault?.Id);
        Text(json, "error_host", result.FaultHost);
    }

    /// <summary>A word of the code as the file has it: <c>EvacuationEnded</c> → <c>evacuation_ended</c>.</summary>
    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
    }

    private static void Seconds(Utf8JsonWriter json, string name, TimeSpan? time)
    {
        if (time is { } known)
            json.WriteNumber(name, Math.Round(known.TotalSeconds, 3));
    }
}
