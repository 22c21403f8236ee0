using LiveMigration.State;

namespace LiveMigration.Migration.Affinity;

/// <summary>A pinning that we changed, and what it was before: written down first, so that a later process can put it back.</summary>
/// <param name="Domain">The domain's UUID.</param>
/// <param name="Source">The source's UUID.</param>
/// <param name="Destination">The destination's UUID: a domain takes its pinning along.</param>
/// <param name="Former">The CPUs before, as libvirt's bitmap.</param>
/// <param name="IsReleased">Whether the client that changed it leaves it to others, although it may run still.</param>
/// <param name="Writer">Who changed it.</param>
internal sealed record AffinityEntry(Guid Domain, Guid Source, Guid Destination, byte[] Former, bool IsReleased, RecordWriter Writer)
{
    /// <summary>Whether it may have to be undone on this host.</summary>
    internal bool IsFor(Guid host) => Source == host || Destination == host;
}
