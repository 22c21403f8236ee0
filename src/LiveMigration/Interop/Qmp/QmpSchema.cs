using System.Text.Json;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Qmp;

/// <summary>
/// What <c>query-qmp-schema</c> answers: a flat list of commands and types. Types have no names there but numbers, which differ
/// from build to build; the way to them is from the command.
/// </summary>
internal sealed class QmpSchema(string monitor, IEnumerable<QmpSchemaEntry> entries)
{
    private readonly Dictionary<string, QmpSchemaEntry> _entries = entries.ToDictionary(entry => entry.Name);

    /// <summary>The arguments of a command.</summary>
    /// <exception cref="LiveMigrationException">QEMU does not have the command.</exception>
    internal IReadOnlyList<QmpParameter> Arguments(string command)
    {
        if (_entries.GetValueOrDefault(command) is not { ArgType: { } type })
            throw new LiveMigrationException(Faults.QemuCommandNotFound, $"{monitor}: this QEMU does not have {command}.", monitor);
        return [.. Entry(type).MemberObjects.Select(member => Describe(member, Entry(member.Type ?? "")))];
    }

    private static QmpParameter Describe(QmpSchemaMember member, QmpSchemaEntry type)
    {
        var kind = type.MetaType switch
        {
            "enum" => QmpParameterKind.Choice,
            "builtin" => Builtin(type),
            // Text, or null for the default: the only alternate that parameters have.
            "alternate" when type.MemberObjects.Any(either => either.Type == "str") => QmpParameterKind.Text,
            _ => QmpParameterKind.Structure,
        };
        return new(member.Name ?? "", kind, [.. type.Words], [.. member.Features ?? []]) { IsOptional = member.Default.ValueKind is not JsonValueKind.Undefined };
    }

    private static QmpParameterKind Builtin(QmpSchemaEntry type) => type.JsonType switch
    {
        "int" => QmpParameterKind.Number,
        "boolean" => QmpParameterKind.Boolean,
        "string" => QmpParameterKind.Text,
        _ => QmpParameterKind.Structure,
    };

    private QmpSchemaEntry Entry(string name) => _entries.GetValueOrDefault(name)
        ?? throw new LiveMigrationException(
            Faults.MonitorProtocolBroken, $"{monitor}: query-qmp-schema: type '{name}' is used but not described.", monitor);
}

/// <summary><c>SchemaInfo</c>, as far as it is of use here.</summary>
internal sealed record QmpSchemaEntry(
    string Name, string MetaType, string? ArgType, string? JsonType, JsonElement Members, string[]? Values)
{
    internal IEnumerable<QmpSchemaMember> MemberObjects =>
        Members.ValueKind is JsonValueKind.Array ? Members.Deserialize(QmpJson.Default.QmpSchemaMemberArray) ?? [] : [];

    /// <summary>An enumeration's words: before QEMU 6.2 as <c>values</c> alone.</summary>
    internal IEnumerable<string> Words => MetaType == "enum" ? Values ?? MemberObjects.Select(member => member.Name ?? "") : [];
}

/// <summary>A member of an object, an enumeration or an alternate. One that may be left out has a default, which is null where QEMU does not tell it.</summary>
internal sealed record QmpSchemaMember(string? Name, string? Type, string[]? Features, JsonElement Default);
