using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Planning;

namespace LiveMigration.Migration.Libvirt;

/// <summary>libvirt's one blocking call that is the migration, on a thread and on connections of its own.</summary>
internal sealed class MigrationCall : IDisposable
{
    private readonly MigrationConnections.Lease _source;
    private readonly MigrationConnections.Lease? _destination;

    private MigrationCall(MigrationConnections.Lease source, MigrationConnections.Lease? destination)
    {
        _source = source;
        _destination = destination;
    }

    /// <summary>Ends with the call: null when libvirt calls it a success.</summary>
    internal Task<LibvirtException?> Ended { get; private set; } = null!;

    /// <summary>
    /// Ends when a daemon is gone that the call would wait for in vain: with this client in the middle, libvirt notices a
    /// dead destination only when it next needs it.
    /// </summary>
    internal Task DestinationLost => _destination?.Connection.Lost ?? NeverLost;

    internal static Task NeverLost { get; } = new TaskCompletionSource().Task;

    /// <summary>
    /// Whether the connection that the call was made on still stands. That of a daemon that dies fails the call first, and is known to be
    /// closed a moment later: its error is not the source's word about another host.
    /// </summary>
    internal async Task<bool> HasSourceAsync(LibvirtException error)
    {
        if (error.Fault == Faults.ConnectionLost)
            await Task.WhenAny(_source.Connection.Lost, Task.Delay(Notice)).ConfigureAwait(false);
        return _source.Connection.IsAlive;
    }

    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(1);

    /// <param name="plan">What is to be done.</param>
    /// <param name="mode">Who steers.</param>
    /// <param name="cancellationToken">Ends the wait for a place; once the call has begun, it does nothing any more.</param>
    internal static async Task<MigrationCall> StartAsync(MigrationPlan plan, MigrationMode mode, CancellationToken cancellationToken)
    {
        var source = await plan.Source.MigrationConnections.RentAsync(cancellationToken).ConfigureAwait(false);
        MigrationConnections.Lease? destination = null;
        try
        {
            if (mode is MigrationMode.Direct)
                destination = await plan.Destination.MigrationConnections.RentAsync(cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch
        {
            source.Dispose();
            destination?.Dispose();
            throw;
        }

        var call = new MigrationCall(source, destination);
        call.Ended = Task.Factory.StartNew(
            () => call.Perform(plan, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        return call;
    }

    /// <summary>Gives the connections back once the call has ended, even if nobody waits for it any more.</summary>
    public void Dispose() => _ = Ended.ContinueWith(
        _ =>
        {
            _source.Dispose();
            _destination?.Dispose();
        },
        TaskScheduler.Default);

    private LibvirtException? Perform(MigrationPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            using var domain = _source.Connection.LookupByUuid(plan.Domain.Uuid);
            using var parameters = new TypedParameterList(plan.Parameters);
            cancellationToken.ThrowIfCancellationRequested();
            if (_destination is { } destination)
                domain.Migrate(destination.Connection, parameters, plan.Flags);
            else
                domain.MigrateToUri(plan.PeerUri!, parameters, plan.Flags | MigrateFlags.PeerToPeer);
            return null;
        }
        catch (LibvirtException error)
        {
            return error;
        }
    }
}
