using LiveMigration.State;

namespace LiveMigration.Storage.Images;

/// <summary>The images that migrations in progress made.</summary>
internal sealed class ImageJournal(StateStore state)
{
    private readonly RecordFolder _records = state.Records("images", "image");

    internal ImageEntry Plan(Guid domain, Guid host, string pool, string name)
    {
        var entry = new ImageEntry(Guid.NewGuid(), domain, host, pool, name, IsMade: false, state.Self);
        Write(entry);
        return entry;
    }

    internal ImageEntry Made(ImageEntry entry)
    {
        Write(entry = entry with { IsMade = true });
        return entry;
    }

    internal void Remove(ImageEntry entry) => _records.Remove(entry.Token);

    internal IReadOnlyList<ImageEntry> Entries() => [.. _records.Read().Select(Parse).OfType<ImageEntry>()];

    /// <summary>What a client wrote of this image that has ended: the migration may have succeeded since, so nothing is removed by it.</summary>
    internal IEnumerable<ImageEntry> Leftovers(string pool, string name, Guid host) =>
        Entries().Where(entry => entry.Pool == pool && entry.Name == name && entry.Host == host && !state.Lives(entry.Writer));

    private void Write(ImageEntry entry) => _records.Write(
        entry.Token, ("domain", entry.Domain), ("host", entry.Host), ("pool", entry.Pool), ("name", entry.Name), ("made", entry.IsMade));

    private static ImageEntry? Parse(StateRecord record) =>
        record.Fields is var fields && fields.Id("domain") is { } domain && fields.Id("host") is { } host && fields["pool"] is { } pool && fields["name"] is { } name
            ? new ImageEntry(record.Key!.Value, domain, host, pool, name, fields.Flag("made"), record.Writer)
            : null;
}
