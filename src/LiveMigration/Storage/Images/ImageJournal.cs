using LiveMigration.Ownership;

namespace LiveMigration.Storage.Images;

/// <summary>The images that migrations in progress made.</summary>
internal static class ImageJournal
{
    private static readonly JournalFolder Folder = new("images");

    internal static ImageEntry Plan(Guid domain, Guid host, string pool, string name)
    {
        var entry = new ImageEntry(Guid.NewGuid(), domain, host, pool, name, IsMade: false, JournalWriter.Self);
        Write(entry);
        return entry;
    }

    internal static ImageEntry Made(ImageEntry entry)
    {
        Write(entry = entry with { IsMade = true });
        return entry;
    }

    internal static void Write(ImageEntry entry) => Folder.Write(entry.Token, entry.ToString());

    internal static void Remove(ImageEntry entry) => Folder.Remove(entry.Token);

    internal static IReadOnlyList<ImageEntry> Entries() => [.. Folder.Lines().Select(ImageEntry.Parse).OfType<ImageEntry>()];

    /// <summary>What a client wrote of this image that has ended: the migration may have succeeded since, so nothing is removed by it.</summary>
    internal static IEnumerable<ImageEntry> Leftovers(string pool, string name, Guid host) =>
        Entries().Where(entry => entry.Pool == pool && entry.Name == name && entry.Host == host && !entry.Writer.Lives);
}
