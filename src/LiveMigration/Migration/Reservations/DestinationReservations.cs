using System.Collections.Concurrent;
using LiveMigration.Errors;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Migration.Reservations;

/// <summary>
/// What the migrations of this process take of one destination. Each was planned against what was free then; only here do they see each other,
/// whichever cmdlet, job or evacuation they belong to: no byte and no port is counted for two of them.
/// </summary>
#pragma warning disable CA1001 // A semaphore without a wait handle has nothing to dispose of; it lives as long as the process.
internal sealed class DestinationReservations
#pragma warning restore CA1001
{
    private static readonly ConcurrentDictionary<Guid, DestinationReservations> Known = new();

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<Held> _held = [];

    /// <summary>Those of a host.</summary>
    /// <param name="host">Its UUID.</param>
    internal static DestinationReservations Of(Guid host) => Known.GetOrAdd(host, _ => new());

    /// <summary>Takes what a migration needs, if it is there beside what others will still take.</summary>
    /// <param name="wanted">What it needs.</param>
    /// <param name="left">Bytes that it has yet to send; null before that is known.</param>
    /// <param name="askAsync">Asks what is free now, of these pools and this migration's huge pages.</param>
    /// <param name="destination">The destination's name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Ends the reservation.</returns>
    /// <exception cref="LiveMigrationException">There is not enough, or a port is taken.</exception>
    internal async Task<IDisposable> TakeAsync(Reservation wanted, Func<long?> left, Func<IReadOnlyCollection<string>, Task<Room>> askAsync, string destination, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The first one, too: its plan may have waited for its user.
            string[] pools;
            lock (_held)
                pools = wanted.Space.Count == 0 ? [] : [.. _held.SelectMany(other => other.What.Space.Keys).Concat(wanted.Space.Keys).Distinct()];
            var room = await askAsync(pools).ConfigureAwait(false);
            lock (_held)
                Check(wanted, room, destination);
            var held = new Held(this, wanted, left);
            lock (_held)
                _held.Add(held);
            return held;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Check(Reservation wanted, Room room, string destination)
    {
        if (_held.Find(other => other.What.Ports.Intersect(wanted.Ports).Any()) is { } holder)
        {
            throw new LiveMigrationException(
                Faults.PortInUse, $"'{wanted.Name}' cannot use port {holder.What.Ports.Intersect(wanted.Ports).First()} on {destination}: the migration of '{holder.What.Name}' uses it.", destination);
        }

        if (wanted.NeedsMemory && room.Memory is { } memory && Short(wanted.Memory, memory, other => Left(other, what => what.Memory)) is { } others)
            throw new LiveMigrationException(Faults.InsufficientMemory, $"'{wanted.Name}' may use {new ByteSize(wanted.Memory)}, but {destination} has {new ByteSize(memory)} available{others}.", destination);
        foreach (var (size, needed) in wanted.Pages)
        {
            // QEMU takes them all when it starts, and data arrives after that.
            if (room.Pages.TryGetValue(size, out var pages) && Short(needed, pages, other => other.Left() is null ? other.What.Pages.GetValueOrDefault(size) : 0) is { } taken)
                throw new LiveMigrationException(Faults.InsufficientMemory, $"'{wanted.Name}' needs {new ByteSize(needed)} in pages of {new ByteSize(size * 1024L)}, but {destination} has {new ByteSize(pages)} free in them{taken}.", destination);
        }

        foreach (var pool in wanted.Space.Keys.Select(name => room.Pools.GetValueOrDefault(name)).OfType<PoolFacts>())
        {
            var needed = Part(wanted);
            if (Short(needed, pool.Available, other => Left(other, Part)) is { } beside)
                throw new LiveMigrationException(Faults.InsufficientStorage, $"The disks of '{wanted.Name}' need {new ByteSize(needed)}, but {(Room.IsFolder(pool.Name) ? $"folder {pool.Name}" : $"pool '{pool.Name}'")} on {destination} has {new ByteSize(pool.Available)} free{beside}.", destination);

            long Part(Reservation what) => what.Space.Where(one => room.Pools.TryGetValue(one.Key, out var other) && other.SharesSpaceWith(pool)).Sum(one => one.Value);
        }
    }

    /// <summary>What has arrived is no longer free anyway.</summary>
    private static long Left(Held other, Func<Reservation, long> part) => Math.Min(part(other.What), other.Left() ?? long.MaxValue);

    /// <summary>Null where there is enough; otherwise who takes what is missing.</summary>
    private string? Short(long needed, long free, Func<Held, long> part)
    {
        var others = _held.Select(other => (other.What.Name, Taken: part(other))).Where(other => other.Taken > 0).ToArray();
        var taken = others.Sum(other => other.Taken);
        if (free - taken >= needed)
            return null;
        return others.Length == 0 ? "" : $", of which {new ByteSize(taken)} {(others.Length == 1 ? "is" : "are")} for {string.Join(", ", others.Select(other => $"'{other.Name}'"))} on the way there";
    }

    private void Release(Held held)
    {
        lock (_held)
            _held.Remove(held);
    }

    private sealed class Held(DestinationReservations of, Reservation what, Func<long?> left) : IDisposable
    {
        internal Reservation What => what;

        /// <summary>Bytes that it has yet to send; null before that is known.</summary>
        internal Func<long?> Left => left;

        public void Dispose() => of.Release(this);
    }
}
