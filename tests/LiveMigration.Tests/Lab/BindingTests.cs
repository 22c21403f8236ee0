using System.Threading.Channels;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Tests.Lab;

/// <summary>The binding under load: no crash, no leak, no deadlock.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class BindingTests(LabHosts lab)
{
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(5);

    [LabFact]
    public async Task Ten_thousand_events_arrive_while_garbage_is_collected()
    {
        await using var guest = await lab.GuestAsync("wait=0");
        var domain = await guest.OnA;
        using var host = await LabHosts.ConnectAsync("a");
        var events = Channel.CreateUnbounded<DomainEvent>();
        using var listening = host.Events.Listen(events.Writer);
        using var stop = new CancellationTokenSource();
        var collecting = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                {
                GC.Collect(2, GCCollectionMode.Forced, blocking: true);
                Thread.Sleep(1);
            }
        });

        var seen = 0;
        var reading = Task.Run(async () =>
        {
            while (seen < 10_000 && await events.Reader.WaitToReadAsync(stop.Token))
            {
                while (events.Reader.TryRead(out var happened))
                {
                    Assert.Equal((domain.Uuid, domain.Name), (happened.Uuid, happened.Name));
                    seen++;
                }
            }
        });
        using var other = await LabHosts.ConnectAsync("a");
        var making = other.CallAsync(
            domain.Uuid,
            native =>
            {
                while (Volatile.Read(ref seen) < 10_000 && !stop.IsCancellationRequested)
                {
                    native.Suspend();
                    native.Resume();
                }

                return true;
            },
            CancellationToken.None);
        try
        {
            await reading.WaitAsync(Hang);
        }
        finally
        {
            await stop.CancelAsync();
            await collecting;
            await Task.WhenAny(making, Task.Delay(5000));
        }

        Assert.True(seen >= 10_000);
    }

    [LabFact]
    public async Task Fifty_connections_opened_and_closed_leave_nothing_open()
    {
        await OpenAndCloseAsync(5);
        var before = Sockets();
        await OpenAndCloseAsync(50);
        for (var tries = 0; tries < 100 && Sockets() > before; tries++)
            await Task.Delay(100);
        Assert.InRange(Sockets(), 0, before);
    }

    [LabFact]
    public async Task A_connection_that_nobody_closes_is_closed_by_the_collector()
    {
        var before = Sockets();
        await ForgetAsync();
        for (var tries = 0; tries < 100 && Sockets() > before; tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(100);
        }

        Assert.InRange(Sockets(), 0, before);

        static async Task ForgetAsync()
        {
            var host = await LabHosts.ConnectAsync("a");
            await host.GetInfoAsync();
        }
    }

    [LabFact]
    public async Task A_daemon_killed_with_calls_in_flight_fails_them_and_the_next_call_connects_anew()
    {
        using var host = await LabHosts.ConnectAsync("b");
        var calls = Enumerable.Range(0, 40).Select(_ => Task.Run(async () =>
        {
            try
            {
                while (true)
                    await host.CallAsync(connection => DomainListing.Uuids(connection, DomainFilter.All), CancellationToken.None);
            }
            catch (LiveMigrationException error)
            {
                return error;
            }
        })).ToArray();
        await Task.Delay(300);
        await LabHosts.RunAsync("daemon", "b", "kill");
        try
        {
            var errors = await Task.WhenAll(calls).WaitAsync(Hang);
            Assert.All(errors, error => Assert.Contains(error.Fault, new[] { Faults.ConnectionLost, Faults.HostUnreachable }));
        }
        finally
        {
            await LabHosts.RunAsync("daemon", "b", "start");
        }

        Assert.Equal("b", (await host.GetInfoAsync()).Name);
    }

    [LabFact]
    public async Task A_lost_connection_is_noticed_said_and_made_anew()
    {
        using var host = await LabHosts.ConnectAsync("b");
        await LabHosts.RunAsync("daemon", "b", "restart");
        for (var tries = 0; tries < 100 && host.IsConnected; tries++)
            await Task.Delay(50);
        Assert.False(host.IsConnected);
        await host.GetInfoAsync();
        Assert.True(host.IsConnected);
        Assert.Contains("was lost", Assert.Single(host.TakeNotices()), StringComparison.Ordinal);
    }

    [LabFact]
    public async Task Who_listens_hears_on_after_the_daemon_was_restarted()
    {
        await using var guest = await lab.GuestAsync();
        using var host = await LabHosts.ConnectAsync("a");
        var events = Channel.CreateUnbounded<DomainEvent>();
        using var listening = host.Events.Listen(events.Writer);
        await LabHosts.RunAsync("daemon", "a", "restart");
        for (var tries = 0; tries < 200 && host.IsConnected; tries++)
            await Task.Delay(100);
        Assert.False(host.IsConnected);
        await host.PingAsync();
        await LabHosts.RunAsync("virsh", "a", "suspend", guest.Name);
        await LabHosts.RunAsync("virsh", "a", "resume", guest.Name);
        var heard = await events.Reader.ReadAsync().AsTask().WaitAsync(Hang);
        Assert.True(heard is LifecycleEvent { Change: LifecycleChange.Suspended } && heard.Name == guest.Name, $"{heard}");
    }

    [LabFact]
    public async Task A_silent_daemon_is_noticed_by_keep_alive()
    {
        using var host = await LabHosts.ConnectAsync("b", options: new HostOptions { KeepAliveInterval = TimeSpan.FromSeconds(1), KeepAliveCount = 2 });
        await LabHosts.RunAsync("daemon", "b", "pause");
        try
        {
            for (var tries = 0; tries < 200 && host.IsConnected; tries++)
                await Task.Delay(100);
            Assert.False(host.IsConnected);
        }
        finally
        {
            await LabHosts.RunAsync("daemon", "b", "continue");
        }
    }

    [LabFact]
    public async Task Hosts_are_reached_by_tcp_tls_and_ssh()
    {
        foreach (var transport in new[] { "tcp", "tls", "ssh" })
        {
            using var host = await LabHosts.ConnectAsync("a", transport);
            var info = await host.GetInfoAsync();
            Assert.Equal(("QEMU", transport is not "tcp"), (info.Hypervisor, info.IsSecure));
            Assert.True(info is { Cpus: > 0, CanMigrateLive: true, FreeMemory: > 0 });
        }
    }

    private static async Task OpenAndCloseAsync(int count)
    {
        for (var opened = 0; opened < count; opened++)
        {
            using var host = await LabHosts.ConnectAsync("a");
            await host.GetDomainsAsync();
        }
    }

    /// <summary>Connections of this process to the lab's daemons.</summary>
    private static int Sockets() => new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos()
        .Count(descriptor => descriptor.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) is true);
}
