using System.Text.Json;

namespace LiveMigration.Interop.Qmp;

/// <summary>Something that happened in QEMU.</summary>
/// <param name="Name">The event's name: <c>STOP</c>, <c>MIGRATION</c>, ….</param>
/// <param name="Data">What QEMU says about it; <c>Undefined</c> when nothing.</param>
/// <param name="Time">When it happened by the clock of QEMU's host; null when QEMU does not know.</param>
public sealed record QmpEvent(string Name, JsonElement Data, DateTimeOffset? Time)
{
    /// <summary>How many events were lost right before this one, because their reader was too slow.</summary>
    public long LostBefore { get; init; }

    /// <summary>A text in the event's data; null when there is none of that name.</summary>
    internal string? Text(string name) =>
        Data.ValueKind is JsonValueKind.Object && Data.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    /// <summary>A whole number in the event's data; null when there is none of that name.</summary>
    internal long? Number(string name) =>
        Data.ValueKind is JsonValueKind.Object && Data.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    /// <summary>The event's name.</summary>
    public override string ToString() => Name;
}
