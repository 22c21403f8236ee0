using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Planning;

namespace LiveMigration.Migration.Libvirt;

/// <summary>
/// Whether the destination made ready for the domain. libvirt's error of a failed start does not say whose it is: before this
/// moment it is the destination's, after it the source's.
/// </summary>
internal sealed class DestinationReadiness : IDisposable
{
    /// <summary>The event has left the destination before the source is told to send; it may only be a little late.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly Channel<DomainEvent> _events = Channel.CreateUnbounded<DomainEvent>();
    private readonly Guid _domain;
    private readonly IDisposable _listening;
    private bool _begun;

    private DestinationReadiness(Guid domain, LibvirtHost destination)
    {
        _domain = domain;
        _listening = destination.Events.Listen(_events.Writer);
    }

    /// <summary>Null where the destination does not answer us: the source may reach it, and tells if not.</summary>
    internal static async Task<DestinationReadiness?> WatchAsync(MigrationPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            _ = await plan.Destination.ControlAsync(cancellationToken).ConfigureAwait(false);
            return new(plan.Domain.Uuid, plan.Destination);
        }
        catch (LiveMigrationException)
        {
            return null;
        }
    }

    /// <summary>Whether it is known by now.</summary>
    internal bool HasBegun
    {
        get
        {
            while (!_begun && _events.Reader.TryRead(out var happened))
                Take(happened);
            return _begun;
        }
    }

    internal async Task<bool> HasBegunAsync()
    {
        if (HasBegun)
            return true;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var happened in _events.Reader.ReadAllAsync(limit.Token).ConfigureAwait(false))
            {
                Take(happened);
                if (_begun)
                    return true;
            }
        }
        catch (OperationCanceledException)
        {
            // It did not.
        }

        return false;
    }

    private void Take(DomainEvent happened) => _begun |= happened is LifecycleEvent { Change: LifecycleChange.Started } && happened.Uuid == _domain;

    public void Dispose() => _listening.Dispose();
}
