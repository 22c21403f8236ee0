using LiveMigration.State;

namespace LiveMigration.Storage.Images;

/// <summary>A transient pool that is ours.</summary>
/// <param name="Token">Identifies the entry.</param>
/// <param name="Host">The UUID of the host that has it.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Writer">Who made it.</param>
internal sealed record PoolEntry(Guid Token, Guid Host, string Name, RecordWriter Writer);
