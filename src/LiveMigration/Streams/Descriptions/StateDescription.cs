namespace LiveMigration.Streams.Descriptions;

/// <summary>A structure as QEMU describes it behind the stream: fields, then optional parts.</summary>
internal sealed class StateDescription
{
    /// <summary>More than any state has; longer ones are counted as this long.</summary>
    internal const long Longest = 1L << 48;

    internal string Name { get; set; } = "";

    internal List<FieldDescription> Fields { get; } = [];

    internal List<StateDescription> Subsections { get; } = [];

    /// <summary>Bytes of it, with what is written in front of each optional part.</summary>
    internal long Total
    {
        get
        {
            long sum = 0;
            foreach (var field in Fields)
                sum = Math.Min(sum + field.Total, Longest);
            foreach (var part in Subsections)
                sum = Math.Min(sum + 1 + 1 + part.Name.Length + 4 + part.Total, Longest);
            return sum;
        }
    }
}
