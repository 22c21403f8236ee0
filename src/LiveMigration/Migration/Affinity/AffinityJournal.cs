using LiveMigration.Ownership;

namespace LiveMigration.Migration.Affinity;

/// <summary>The pinnings that are changed, by domain.</summary>
internal static class AffinityJournal
{
    private static readonly JournalFolder Folder = new("affinity");

    internal static AffinityEntry Write(Guid domain, Guid source, Guid destination, byte[] former)
    {
        var self = JournalWriter.Self;
        var entry = new AffinityEntry(domain, source, destination, former, self.ProcessId, self.ProcessStart);
        Rewrite(entry);
        return entry;
    }

    internal static void Rewrite(AffinityEntry entry) => Folder.Write(entry.Domain, entry.ToString());

    /// <summary>Leaves it to whoever connects next, this process included.</summary>
    internal static void Release(AffinityEntry entry) => Rewrite(entry with { ProcessId = AffinityEntry.Nobody });

    internal static void Remove(AffinityEntry entry) => Folder.Remove(entry.Domain);

    /// <summary>What processes left behind that are no more, or do not care any more.</summary>
    internal static IReadOnlyList<AffinityEntry> Orphans() =>
        [.. Folder.Lines().Select(AffinityEntry.Parse).OfType<AffinityEntry>().Where(entry => !new JournalWriter(entry.ProcessId, entry.ProcessStart).Lives)];
}
