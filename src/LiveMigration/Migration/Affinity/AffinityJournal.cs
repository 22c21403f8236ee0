using LiveMigration.State;

namespace LiveMigration.Migration.Affinity;

/// <summary>The pinnings that are changed, by domain.</summary>
internal sealed class AffinityJournal(StateStore state)
{
    private readonly RecordFolder _records = state.Records("affinity", "affinity");

    internal AffinityEntry Write(Guid domain, Guid source, Guid destination, byte[] former)
    {
        var entry = new AffinityEntry(domain, source, destination, former, IsReleased: false, state.Self);
        Write(entry);
        return entry;
    }

    /// <summary>Leaves it to the next process that connects, this one included.</summary>
    internal void Release(AffinityEntry entry) => Write(entry with { IsReleased = true });

    internal void Remove(AffinityEntry entry) => _records.Remove(entry.Domain);

    /// <summary>What processes left behind that are no more, or do not care any more.</summary>
    internal IReadOnlyList<AffinityEntry> Orphans() =>
        [.. _records.Read().Select(Parse).OfType<AffinityEntry>().Where(entry => entry.IsReleased || !state.Lives(entry.Writer))];

    private void Write(AffinityEntry entry) => _records.Write(
        entry.Domain,
        ("domain", entry.Domain), ("source", entry.Source), ("destination", entry.Destination), ("former", Convert.ToHexString(entry.Former)), ("released", entry.IsReleased));

    private static AffinityEntry? Parse(StateRecord record)
    {
        try
        {
            return record.Fields is var fields
                && fields.Id("domain") is { } domain && fields.Id("source") is { } source && fields.Id("destination") is { } destination && fields["former"] is { } former
                ? new AffinityEntry(domain, source, destination, Convert.FromHexString(former), fields.Flag("released"), record.Writer)
                : null;
        }
        catch (FormatException)
        {
            return null; // Not a bitmap.
        }
    }
}
