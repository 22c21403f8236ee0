using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>
/// The events of a host, handed on to all listeners, over the connection of the moment. libvirt calls in on the event loop's thread, where nothing
/// may block or throw: an event is copied into a record and put into the listeners' channels.
/// </summary>
internal sealed unsafe class DomainEvents
{
    private const int Lifecycle = 0;
    private const int MigrationIteration = 20;
    private const int JobCompleted = 21;

    private ImmutableArray<ChannelWriter<DomainEvent>> _listeners = [];

    /// <summary>Sends every event to the channel until the returned object is disposed.</summary>
    internal IDisposable Listen(ChannelWriter<DomainEvent> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, static (all, added) => all.Add(added), listener);
        return new Subscription(this, listener);
    }

    /// <summary>Asks the connection for events; the ids go to the handle, which takes them back before it closes.</summary>
    internal void Register(ConnectHandle connection, string host)
    {
        Register(connection, host, Lifecycle, (delegate* unmanaged<nint, nint, int, int, nint, int>)&OnLifecycle);
        Register(connection, host, MigrationIteration, (delegate* unmanaged<nint, nint, int, nint, void>)&OnIteration);
        Register(connection, host, JobCompleted, (delegate* unmanaged<nint, nint, VirTypedParameter*, int, nint, void>)&OnJobCompleted);
    }

    private void Register(ConnectHandle connection, string host, int eventId, void* callback)
    {
        var self = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        var id = NativeCall.Begin(nameof(Native.virConnectDomainEventRegisterAny), host).End(
            Native.virConnectDomainEventRegisterAny(connection, 0, eventId, callback, self, &NativeCallback.Free));
        if (id >= 0)
        {
            connection.Own(id);
            return;
        }

        GCHandle.FromIntPtr(self).Free();
        var error = LibvirtError.Last(nameof(Native.virConnectDomainEventRegisterAny), host);
        // The test driver, for one, knows no migrations and so no events about them.
        if (error.Code is not (LibvirtErrorCode.NoSupport or LibvirtErrorCode.InvalidArgument))
            throw error;
    }

    private void Publish(DomainEvent happened)
    {
        foreach (var listener in _listeners)
            listener.TryWrite(happened);
    }

    [UnmanagedCallersOnly]
    private static int OnLifecycle(nint connection, nint domain, int change, int detail, nint self)
    {
        From(self).Publish(new LifecycleEvent(NativeDomain.UuidOf(domain), NativeDomain.NameOf(domain), (LifecycleChange)change, detail));
        return 0;
    }

    [UnmanagedCallersOnly]
    private static void OnIteration(nint connection, nint domain, int iteration, nint self) =>
        From(self).Publish(new MigrationIterationEvent(NativeDomain.UuidOf(domain), NativeDomain.NameOf(domain), iteration));

    [UnmanagedCallersOnly]
    private static void OnJobCompleted(nint connection, nint domain, VirTypedParameter* parameters, int count, nint self) =>
        From(self).Publish(new JobCompletedEvent(
            NativeDomain.UuidOf(domain),
            NativeDomain.NameOf(domain),
            JobStatistics.Read(JobType.Completed, new TypedParameterReader(parameters, count))));

    private static DomainEvents From(nint self) => (DomainEvents)GCHandle.FromIntPtr(self).Target!;

    private sealed class Subscription(DomainEvents events, ChannelWriter<DomainEvent> listener) : IDisposable
    {
        public void Dispose()
        {
            ImmutableInterlocked.Update(ref events._listeners, static (all, removed) => all.Remove(removed), listener);
            listener.TryComplete();
        }
    }
}
