using System.Threading.Channels;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Tests.Hosts;

namespace LiveMigration.Tests.Interop.Libvirt;

public sealed class DomainEventsTests
{
    [LibvirtFact]
    public async Task What_happens_to_a_domain_arrives_in_order_at_everyone_who_listens()
    {
        using var host = await TestHost.OwnAsync();
        var connection = await host.ControlAsync(CancellationToken.None);
        connection.RegisterEvents(new());
        var one = Channel.CreateUnbounded<DomainEvent>();
        var other = Channel.CreateUnbounded<DomainEvent>();
        using var listening = connection.Events.Listen(one.Writer);
        using var alsoListening = connection.Events.Listen(other.Writer);
        using var domain = connection.LookupByName("web1");
        domain.Suspend();
        domain.Resume();
        foreach (var channel in new[] { one, other })
        {
            Assert.Equal(LifecycleChange.Suspended, (await NextAsync(channel)).Change);
            var resumed = await NextAsync(channel);
            Assert.Equal((LifecycleChange.Resumed, "web1"), (resumed.Change, resumed.Name));
            Assert.Equal(new Guid("11111111-0000-4000-8000-000000000001"), resumed.Uuid);
        }
    }

    [LibvirtFact]
    public async Task Whoever_stops_listening_gets_nothing_more()
    {
        using var host = await TestHost.OwnAsync();
        var connection = await host.ControlAsync(CancellationToken.None);
        connection.RegisterEvents(new());
        var stopped = Channel.CreateUnbounded<DomainEvent>();
        var going = Channel.CreateUnbounded<DomainEvent>();
        connection.Events.Listen(stopped.Writer).Dispose();
        using var listening = connection.Events.Listen(going.Writer);
        using var domain = connection.LookupByName("web1");
        domain.Suspend();
        await NextAsync(going);
        Assert.True(stopped.Reader.Completion.IsCompleted);
    }

    private static async Task<LifecycleEvent> NextAsync(Channel<DomainEvent> channel) =>
        Assert.IsType<LifecycleEvent>(await channel.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
}
