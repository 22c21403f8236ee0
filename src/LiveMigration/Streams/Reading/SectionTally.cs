namespace LiveMigration.Streams.Reading;

/// <summary>A section while its parts are counted.</summary>
internal sealed class SectionTally(string name, uint instance, uint version, uint id, bool live, long offset)
{
    internal string Name => name;

    internal uint Instance => instance;

    internal uint Version => version;

    internal uint Id => id;

    internal bool IsLive => live;

    internal long Offset => offset;

    /// <summary>Where the state of the first part begins.</summary>
    internal long StateOffset { get; set; }

    internal long Length { get; set; }

    internal int Parts { get; set; }

    /// <summary>Whether its last part has come.</summary>
    internal bool IsEnded { get; set; }

    internal bool IsLengthFound { get; set; }

    /// <summary>Its bytes, where they were asked for.</summary>
    internal KeptState? Kept { get; set; }

    internal StreamSection Sum() => new(name, instance, version, id) { IsLive = live, Offset = offset, Length = Length, Parts = Parts, IsLengthFound = IsLengthFound };
}
