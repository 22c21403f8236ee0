using System.Globalization;

namespace LiveMigration.Streams;

/// <summary>Two streams → what differs. Of the RAM its blocks; <see cref="StreamMemoryComparison"/> compares what is in them.</summary>
public static class StreamComparison
{
    /// <summary>Compares two streams; fields are compared where both were read with those of all devices.</summary>
    /// <param name="reference">The first one.</param>
    /// <param name="difference">The second one.</param>
    public static IReadOnlyList<StreamDifference> Compare(MigrationStream reference, MigrationStream difference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(difference);
        return
        [
            .. Whole(StreamDifferenceKind.Machine, reference.Machine, difference.Machine),
            .. Whole(StreamDifferenceKind.Capabilities, string.Join(", ", reference.Capabilities), string.Join(", ", difference.Capabilities)),
            .. Whole(StreamDifferenceKind.Uuid, reference.Uuid?.ToString(), difference.Uuid?.ToString()),
            .. Whole(StreamDifferenceKind.PageSize, Text(reference.PageSize), Text(difference.PageSize)),
            .. Pairs(reference.RamBlocks, difference.RamBlocks, block => block.Name).SelectMany(pair => Compare(pair.Key, StreamDifferenceKind.RamBlock, pair.Left?.Length, pair.Right?.Length)),
            .. Pairs(reference.Sections, difference.Sections, section => section.Title).SelectMany(Sections),
            .. Fields(reference, difference),
        ];
    }

    private static IEnumerable<StreamDifference> Whole(StreamDifferenceKind kind, string? left, string? right) =>
        left == right ? [] : [new StreamDifference(kind, "", left, right)];

    private static IEnumerable<StreamDifference> Sections((string Key, StreamSection? Left, StreamSection? Right) pair) => pair switch
    {
        ({ } name, { } left, { } right) =>
        [
            .. Compare(name, StreamDifferenceKind.Version, left.Version, right.Version),
            .. left.IsLive ? [] : Compare(name, StreamDifferenceKind.Length, left.Length, right.Length),
        ],
        var (name, left, right) => Compare(name, StreamDifferenceKind.Section, left?.Version, right?.Version),
    };

    /// <summary>Of sections that both have; one that a stream alone has is a difference already.</summary>
    private static IEnumerable<StreamDifference> Fields(MigrationStream reference, MigrationStream difference)
    {
        var both = Devices(reference).Intersect(Devices(difference)).ToHashSet();
        foreach (var (key, left, right) in Pairs(Of(reference), Of(difference), field => $"{Title(field)} {field.Field}"))
        {
            if (left is null || right is null)
                yield return new StreamDifference(StreamDifferenceKind.Field, key, Text(left?.Value), Text(right?.Value));
            else if (!left.Value.Equals(right.Value))
                yield return new StreamDifference(StreamDifferenceKind.Value, key, Text(left.Value), Text(right.Value));
        }

        IReadOnlyList<DeviceField> Of(MigrationStream stream) => [.. stream.Fields.Where(field => both.Contains(Title(field)))];
    }

    private static IEnumerable<string> Devices(MigrationStream stream) => stream.Fields.Select(Title).Distinct();

    private static string Title(DeviceField field) => field.InstanceId == 0 ? field.Device : $"{field.Device}[{field.InstanceId}]";

    private static IEnumerable<StreamDifference> Compare(string name, StreamDifferenceKind kind, long? left, long? right) =>
        left == right ? [] : [new StreamDifference(kind, name, Text(left), Text(right))];

    /// <summary>Those of the same key together, in the first one's order; of several with one key each with its like.</summary>
    private static IEnumerable<(string Key, T? Left, T? Right)> Pairs<T>(IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, string> keyOf)
        where T : class
    {
        var rest = right.GroupBy(keyOf).ToDictionary(group => group.Key, group => new Queue<T>(group), StringComparer.Ordinal);
        foreach (var item in left)
            yield return (keyOf(item), item, rest.TryGetValue(keyOf(item), out var found) && found.TryDequeue(out var other) ? other : null);
        foreach (var (key, items) in rest)
        {
            foreach (var item in items)
                yield return (key, null, item);
        }
    }

    private static string? Text(object? value) => value is null ? null : string.Create(CultureInfo.InvariantCulture, $"{value}");
}
