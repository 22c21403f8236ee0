using System.Threading.Channels;
using LiveMigration.Units;

namespace LiveMigration.Hypervisors;

/// <summary>
/// One migration, both ends: all that the engine asks of a hypervisor. An order that cannot be carried out throws a
/// <see cref="Errors.LiveMigrationException"/>; a question that is not answered is null or <see cref="GuestState.Unknown"/>.
/// </summary>
internal interface IMigrationDriver : IAsyncDisposable
{
    /// <summary>What the source reports. Begins with <see cref="OpenAsync"/>.</summary>
    ChannelReader<MigrationSignal> Signals { get; }

    /// <summary>Completes when nothing more is to be expected of the destination in the attempt that was begun last.</summary>
    Task PeerLost { get; }

    /// <summary>Whether the destination is known to be ready to receive.</summary>
    bool IsDestinationReady { get; }

    /// <summary>Connects to the source and listens.</summary>
    Task OpenAsync();

    /// <summary>Begins one attempt, as soon as there is a place for it.</summary>
    /// <param name="rejoin">Whether it joins the halves of a post-copy that broke.</param>
    /// <param name="stop">Once it is cancelled nothing is begun any more; what has begun is ended by <see cref="AbortAsync"/>.</param>
    /// <returns>The attempt. It completes when the hypervisor says that it has ended, with null where that is a success.</returns>
    /// <exception cref="Errors.LiveMigrationException">It could not be begun.</exception>
    /// <exception cref="OperationCanceledException">It was stopped before it began.</exception>
    Task<Task<DriverFailure?>> BeginAsync(bool rejoin, CancellationToken stop);

    /// <summary>What the failure of an attempt means, and which host it is about.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="last">The last counters of the attempt.</param>
    Task<DriverFailure> ExplainAsync(DriverFailure failure, MigrationStatistics? last);

    /// <summary>Chooses another way for the next attempt, where nothing was begun and the options leave one.</summary>
    /// <param name="failure">What the last attempt ended with.</param>
    /// <param name="last">The last counters of the attempt.</param>
    /// <returns>What to tell the user; null where there is no other way.</returns>
    Task<string?> FallBackAsync(DriverFailure failure, MigrationStatistics? last);

    /// <summary>Whether the source still sends the guest; null where it does not answer. A post-copy that broke is not under way.</summary>
    Task<bool?> IsUnderWayAsync();

    /// <summary>The counters; null where the source does not answer, or no migration runs.</summary>
    Task<MigrationStatistics?> QueryAsync();

    /// <summary>The disks that are mirrored, by target, and whether each is still being copied for the first time.</summary>
    Task<IReadOnlyDictionary<string, bool>> QueryMirrorsAsync();

    /// <summary>The guest on one side.</summary>
    Task<GuestPresence> LookAsync(Side side, CancellationToken cancellationToken = default);

    /// <summary>Ends the attempt under way; the guest stays at the source.</summary>
    Task AbortAsync();

    /// <summary>Starts the guest at the destination; the rest of its memory is fetched.</summary>
    Task StartPostCopyAsync(CancellationToken cancellationToken = default);

    /// <summary>Parts the halves of a post-copy on purpose.</summary>
    Task PausePostCopyAsync(CancellationToken cancellationToken = default);

    /// <summary>Pauses the guest at the source.</summary>
    Task SuspendAsync();

    /// <summary>Limits memory and disks together.</summary>
    Task SetBandwidthAsync(Bandwidth total);

    /// <summary>Sets the limit of the downtime.</summary>
    Task SetDowntimeAsync(Duration limit);
}
