using System.Numerics;
using System.Text.Json;
using LiveMigration.Streams.Reading;

namespace LiveMigration.Streams.Descriptions;

/// <summary>
/// QEMU's description from its JSON. Read token by token, as QEMU repeats keys within an object: once for each element of a list.
/// QEMU's docs/devel/migration/main.rst and migration/vmstate.c, <c>vmsd_desc_field_start</c>.
/// </summary>
internal ref struct DescriptionReader
{
    private const int Deepest = 256;

    private const int MostFields = 2_000_000;

    private Utf8JsonReader _json;
    private int _fields;

    private DescriptionReader(ReadOnlySpan<byte> text) => _json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Deepest });

    /// <exception cref="BrokenStreamException">It is no description.</exception>
    internal static StreamDescription Read(ReadOnlySpan<byte> text, long offset)
    {
        var reader = new DescriptionReader(text);
        try
        {
            return reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new BrokenStreamException(offset + reader._json.BytesConsumed, "QEMU's description of the devices is damaged here.");
        }
    }

    private StreamDescription Read()
    {
        Next(JsonTokenType.StartObject);
        int? pageSize = null;
        var devices = new List<DeviceDescription>();
        while (NextKey() is { } key)
        {
            switch (key)
            {
                case "page_size":
                    pageSize = Number() is >= 512 and <= 1 << 16 and var size && BitOperations.IsPow2(size) ? (int)size : null;
                    break;
                case "devices":
                    Next(JsonTokenType.StartArray);
                    while (Read(JsonTokenType.EndArray))
                        devices.Add(Device());
                    break;
                default:
                    SkipValue();
                    break;
            }
        }

        while (_json.Read())
        {
            // Whatever follows the object is no JSON; the reader says so.
        }

        return new StreamDescription(pageSize, devices);
    }

    private DeviceDescription Device()
    {
        var (name, instance, version) = ("", 0L, (long?)null);
        var state = new StateDescription();
        while (NextKey() is { } key)
        {
            switch (key)
            {
                case "name":
                    name = Text();
                    break;
                case "instance_id":
                    instance = Number();
                    break;
                case "version":
                    version = Number();
                    break;
                default:
                    Part(key, state);
                    break;
            }
        }

        return new DeviceDescription(name, instance, version, state);
    }

    private StateDescription State()
    {
        Count();
        var state = new StateDescription();
        while (NextKey() is { } key)
            Part(key, state);
        return state;
    }

    private void Part(string key, StateDescription state)
    {
        switch (key)
        {
            case "vmsd_name":
                state.Name = Text();
                break;
            case "fields":
                Next(JsonTokenType.StartArray);
                while (Read(JsonTokenType.EndArray))
                    state.Fields.Add(Field());
                break;
            case "subsections":
                Next(JsonTokenType.StartArray);
                while (Read(JsonTokenType.EndArray))
                    state.Subsections.Add(State());
                break;
            default:
                SkipValue();
                break;
        }
    }

    private FieldDescription Field()
    {
        Count();
        var field = new FieldDescription();
        while (NextKey() is { } key)
        {
            switch (key)
            {
                case "name":
                    field.Name = Text();
                    break;
                case "type":
                    field.Type = Text();
                    break;
                case "size":
                    field.Size = Number();
                    break;
                case "array_len":
                    field.Count = Number();
                    break;
                case "index":
                    field.Index = Number();
                    break;
                case "struct":
                    Next(JsonTokenType.StartObject);
                    field.Parts.Add(State());
                    break;
                case "vmsd_name":
                    // Another element begins.
                    field.Parts.Add(new StateDescription());
                    goto default;
                default:
                    if (field.Parts.Count == 0)
                        SkipValue();
                    else
                        Part(key, field.Parts[^1]);
                    break;
            }
        }

        return field;
    }

    private void Count()
    {
        if (_json.TokenType != JsonTokenType.StartObject || ++_fields > MostFields)
            throw new JsonException();
    }

    private string Text()
    {
        _json.Read();
        return _json.GetString() ?? "";
    }

    /// <summary>0 or more.</summary>
    private long Number()
    {
        Next(JsonTokenType.Number);
        return _json.TryGetInt64(out var number) && number >= 0 ? number : throw new JsonException();
    }

    private void Next(JsonTokenType expected)
    {
        if (!_json.Read() || _json.TokenType != expected)
            throw new JsonException();
    }

    /// <summary>The next token; false where it is the given end.</summary>
    private bool Read(JsonTokenType end) => _json.Read() && _json.TokenType != end;

    private string? NextKey()
    {
        _json.Read();
        return _json.TokenType switch
        {
            JsonTokenType.PropertyName => _json.GetString(),
            JsonTokenType.EndObject => null,
            _ => throw new JsonException(),
        };
    }

    private void SkipValue()
    {
        _json.Read();
        _json.Skip();
    }
}
