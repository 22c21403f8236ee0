using System.Text.Json.Serialization;

namespace LiveMigration.Interop.Qmp;

/// <summary>Reads QMP's JSON with code made at build time: no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    MaxDepth = QmpWriter.MaxDepth,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(QmpMessage))]
[JsonSerializable(typeof(QmpVersion))]
[JsonSerializable(typeof(VmStatus))]
[JsonSerializable(typeof(CommandName[]))]
[JsonSerializable(typeof(QmpSchemaEntry[]))]
[JsonSerializable(typeof(QmpSchemaMember[]))]
[JsonSerializable(typeof(QmpCapability[]))]
[JsonSerializable(typeof(QmpMigrationInfo))]
[JsonSerializable(typeof(QmpName))]
[JsonSerializable(typeof(QmpJob[]))]
[JsonSerializable(typeof(QmpProperty[]))]
[JsonSerializable(typeof(QmpUuid))]
[JsonSerializable(typeof(QmpTarget))]
[JsonSerializable(typeof(QmpKvm))]
[JsonSerializable(typeof(QmpTopology))]
[JsonSerializable(typeof(QmpMemory))]
[JsonSerializable(typeof(QmpBlockInfo[]))]
[JsonSerializable(typeof(QmpCpu[]))]
[JsonSerializable(typeof(QmpHumanText))]
[JsonSerializable(typeof(QmpObjectValues[]))]
[JsonSerializable(typeof(QmpPciBus[]))]
[JsonSerializable(typeof(string))]
internal sealed partial class QmpJson : JsonSerializerContext;
