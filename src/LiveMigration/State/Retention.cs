using System.Text.Json;
using LiveMigration.Units;

namespace LiveMigration.State;

/// <summary>
/// How long the state folder keeps what has ended. It is read from <c>retention.json</c> in that folder, where there is such a file:
/// <c>{"history": {"months": 24, "size": "256MiB"}, "evacuations": {"months": 24, "size": "256MiB"}}</c>.
/// </summary>
/// <param name="HistoryMonths">Months of the history of migrations, 1 to 1200.</param>
/// <param name="HistorySize">What the files of the history may take together; the oldest months go first, and the last three stay.</param>
/// <param name="EvacuationMonths">Months for which the journal of an evacuation that has ended is kept, 1 to 1200.</param>
/// <param name="EvacuationSize">What the journals may take together; the oldest that nothing needs go first.</param>
public sealed record Retention(int HistoryMonths, ByteSize HistorySize, int EvacuationMonths, ByteSize EvacuationSize)
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "retention.json";

    private const int MostMonths = 1200;

    /// <summary>Where there is no file: 24 months and 256 MiB each.</summary>
    public static Retention Default { get; } = new(24, new ByteSize(256 << 20), 24, new ByteSize(256 << 20));

    /// <summary>What a folder's file says.</summary>
    /// <param name="folder">The state folder.</param>
    /// <exception cref="FormatException">The file is not one; then nothing is to be removed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Retention Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
            return Default;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var retention = Default;
            foreach (var part in Members(document.RootElement, "the file"))
            {
                retention = part.Name switch
                {
                    "history" => retention with { HistoryMonths = Months(part, retention.HistoryMonths), HistorySize = Size(part, retention.HistorySize) },
                    "evacuations" => retention with { EvacuationMonths = Months(part, retention.EvacuationMonths), EvacuationSize = Size(part, retention.EvacuationSize) },
                    _ => throw new FormatException($"'{part.Name}' is neither history nor evacuations"),
                };
            }

            return retention;
        }
        catch (Exception error) when (error is JsonException or FormatException or OverflowException)
        {
            throw new FormatException($"{file} is not valid, so nothing old is removed: {error.Message}.", error);
        }
    }

    private static int Months(JsonProperty part, int otherwise)
    {
        var months = otherwise;
        foreach (var member in Members(part.Value, part.Name))
        {
            if (member.Name is not ("months" or "size"))
                throw new FormatException($"'{member.Name}' of {part.Name} is neither months nor size");
            if (member.Name == "months" && (member.Value.ValueKind is not JsonValueKind.Number || !member.Value.TryGetInt32(out months) || months is < 1 or > MostMonths))
                throw new FormatException($"months of {part.Name} is not a whole number from 1 to {MostMonths}");
        }

        return months;
    }

    private static ByteSize Size(JsonProperty part, ByteSize otherwise) => !part.Value.TryGetProperty("size", out var size) ? otherwise
        : size.ValueKind is JsonValueKind.String ? ByteSize.Parse(size.GetString()!)
        : size.ValueKind is JsonValueKind.Number && size.TryGetInt64(out var bytes) && bytes >= 0 ? new ByteSize(bytes)
        : throw new FormatException($"size of {part.Name} is not a size, for example \"256MiB\"");

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string what) => element.ValueKind is JsonValueKind.Object
        ? element.EnumerateObject()
        : throw new FormatException($"{what} is not an object");
}
