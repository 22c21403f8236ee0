using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Binding;

/// <summary>PowerShell's values ↔ QMP's JSON.</summary>
internal static class QmpArguments
{
    /// <summary>The arguments of a command; null when there are none.</summary>
    /// <exception cref="LiveMigrationException">A value is nothing that JSON has.</exception>
    internal static JsonObject? Of(IDictionary? table) => table is null ? null : Object(table);

    /// <summary>An answer, as objects with properties; a list as an array.</summary>
    internal static object? ToObject(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Record(value),
        JsonValueKind.Array => value.EnumerateArray().Select(ToObject).ToArray(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number when value.TryGetUInt64(out var number) => number,
        JsonValueKind.Number => value.GetDouble(),
        _ => null,
    };

    /// <summary>An event, and whose it is.</summary>
    internal static PSObject ToObject(QmpEvent happened, QemuProcess process)
    {
        var record = new PSObject();
        record.Properties.Add(new PSNoteProperty("Time", happened.Time?.LocalDateTime));
        record.Properties.Add(new PSNoteProperty("VMName", process.Name));
        record.Properties.Add(new PSNoteProperty("Event", happened.Name));
        record.Properties.Add(new PSNoteProperty("Data", happened.Data.ValueKind is JsonValueKind.Undefined ? null : ToObject(happened.Data)));
        return record;
    }

    private static PSObject Record(JsonElement value)
    {
        var record = new PSObject();
        foreach (var property in value.EnumerateObject())
            record.Properties.Add(new PSNoteProperty(property.Name, ToObject(property.Value)));
        return record;
    }

    private static JsonObject Object(IDictionary table)
    {
        var result = new JsonObject();
        foreach (DictionaryEntry pair in table)
            result[$"{pair.Key}"] = Node(pair.Value, $"{pair.Key}");
        return result;
    }

    private static JsonNode? Node(object? value, string name) => (value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value) switch
    {
        null => null,
        bool truth => JsonValue.Create(truth),
        SwitchParameter truth => JsonValue.Create(truth.IsPresent),
        string text => JsonValue.Create(text),
        byte or sbyte or short or ushort or int or uint or long => JsonValue.Create(Convert.ToInt64(value, null)),
        ulong number => JsonValue.Create(number),
        float or double or decimal => JsonValue.Create(Convert.ToDouble(value, null)),
        IDictionary table => Object(table),
        PSObject record => new JsonObject(record.Properties.Select(property => KeyValuePair.Create(property.Name, Node(property.Value, property.Name)))),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(item => Node(item, name))]),
        Enum or Guid or char => JsonValue.Create($"{value}"),
        var other => throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"-Arguments: '{name}' is a {other.GetType().Name}, which JSON does not have: give a text, a number, a list or a table."),
    };
}
