using LiveMigration.State;

namespace LiveMigration.Storage.Images;

/// <summary>The transient pools that are ours.</summary>
internal sealed class PoolJournal(StateStore state)
{
    private readonly RecordFolder _records = state.Records("pools", "pool");

    /// <summary>Written before the pool is made.</summary>
    internal PoolEntry Begin(Guid host, string name)
    {
        var entry = new PoolEntry(Guid.NewGuid(), host, name, state.Self);
        _records.Write(entry.Token, ("host", host), ("name", name));
        return entry;
    }

    /// <summary>Those of a host whose client has ended, but for what another client of this machine has under the same name.</summary>
    internal IReadOnlyList<PoolEntry> Left(Guid host)
    {
        var entries = _records.Read().Select(Parse).OfType<PoolEntry>().Where(entry => entry.Host == host).ToLookup(entry => state.Lives(entry.Writer));
        return [.. entries[false].Where(entry => !entries[true].Any(other => other.Name == entry.Name))];
    }

    /// <summary>The pool is gone.</summary>
    internal void End(PoolEntry entry) => _records.Remove(entry.Token);

    /// <summary>Only a name that we give is that of a pool of ours.</summary>
    private static PoolEntry? Parse(StateRecord record) =>
        record.Fields.Id("host") is { } host && record.Fields["name"] is { } name && name.StartsWith(PoolFacts.MomentaryPrefix, StringComparison.Ordinal)
            ? new PoolEntry(record.Key!.Value, host, name, record.Writer)
            : null;
}
