namespace LiveMigration.Streams.Reading;

/// <summary>What is found wrong in a stream: the first hundred findings, in the order in which they were met.</summary>
internal sealed class Findings
{
    private const int Most = 100;

    private readonly List<StreamDamage> _all = [];

    internal IReadOnlyList<StreamDamage> All => [.. _all];

    internal void Add(long offset, string what)
    {
        if (_all.Count < Most)
            _all.Add(new StreamDamage(offset, what));
    }
}
