using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveMigration.Interop.Qmp;

/// <summary>Whatever QEMU sends: a greeting, an answer, an error or an event, told apart by what is there.</summary>
internal sealed record QmpMessage
{
    [JsonPropertyName("QMP")]
    public QmpGreeting? Greeting { get; init; }

    public JsonElement Return { get; init; }

    public QmpError? Error { get; init; }

    public string? Event { get; init; }

    public JsonElement Data { get; init; }

    public QmpTimestamp? Timestamp { get; init; }

    public JsonElement Id { get; init; }

    internal bool IsAnswer => Return.ValueKind is not JsonValueKind.Undefined;

    /// <summary>The command that is answered; null where none is named.</summary>
    internal long? CallId => Id.ValueKind is JsonValueKind.Number && Id.TryGetInt64(out var id) ? id : null;

    /// <summary>Reads a message.</summary>
    /// <exception cref="JsonException">It is none of the four, or no JSON at all.</exception>
    internal static QmpMessage Parse(ReadOnlySpan<byte> text)
    {
        var message = JsonSerializer.Deserialize(text, QmpJson.Default.QmpMessage) ?? throw new JsonException();
        ReadOnlySpan<bool> kinds =
            [message.Greeting is not null, message.IsAnswer, message.Error is not null, message.Event is not null];
        return kinds.Count(true) == 1 ? message : throw new JsonException();
    }
}

/// <summary>What QEMU says first.</summary>
internal sealed record QmpGreeting(QmpVersion? Version, string?[]? Capabilities)
{
    /// <summary>Whether commands may overtake others.</summary>
    internal bool OffersOutOfBand => Capabilities?.Contains("oob") is true;
}

/// <summary><c>VersionInfo</c>: the same in the greeting and in <c>query-version</c>.</summary>
internal sealed record QmpVersion(QmpVersionTriple? Qemu, string? Package);

/// <summary><c>VersionTriple</c>.</summary>
internal sealed record QmpVersionTriple(int Major, int Minor, int Micro)
{
    internal Version? Version => Major < 0 || Minor < 0 || Micro < 0 ? null : new Version(Major, Minor, Micro);
}

/// <summary>An error as it is on the wire.</summary>
internal sealed record QmpError(string? Class, string? Desc);

/// <summary>QEMU's clock; -1 and -1 when it has none.</summary>
internal readonly record struct QmpTimestamp(long Seconds, long Microseconds)
{
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    internal DateTimeOffset? Time => Seconds < 0 || Seconds >= Last || Microseconds is < 0 or >= 1_000_000
        ? null
        : DateTimeOffset.FromUnixTimeSeconds(Seconds).AddMicroseconds(Microseconds);
}
