using System.Collections.Concurrent;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Tests.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Tests.Hosts;

public sealed class LibvirtHostTests
{
    [LibvirtFact]
    public async Task A_host_says_what_it_is_and_has()
    {
        using var host = await TestHost.ConnectAsync("a");
        var info = await host.GetInfoAsync();
        Assert.Equal(("a", "test:///default", "TEST"), (info.Name, info.Uri.Text, info.Hypervisor));
        Assert.Equal((16, ByteSize.Parse("3GiB")), (info.Cpus, info.Memory));
        Assert.Equal((1, 1), (info.RunningDomains, info.Domains));
        Assert.True(info.LibvirtVersion >= new Version(6, 0));
        Assert.NotEmpty(info.MachineName);
        Assert.Equal("i686", info.Architecture);
    }

    [LibvirtFact]
    public async Task A_host_is_known_by_its_name()
    {
        using var host = await TestHost.ConnectAsync("a");
        Assert.Equal("a", host.ToString());
        Assert.True(host.IsConnected);
        Assert.Empty(host.TakeNotices());
    }

    [LibvirtFact]
    public async Task A_definition_that_cannot_be_read_is_libvirts_error()
    {
        var error = await Assert.ThrowsAsync<LibvirtException>(() => LibvirtHost.ConnectAsync("x", HostUri.Parse("test:///nonexistent.xml")));
        Assert.Equal(("x", "virConnectOpenAuth"), (error.Host, error.Function));
        Assert.StartsWith("x: ", error.Message, StringComparison.Ordinal);
    }

    [LibvirtFact]
    public async Task A_driver_that_is_not_there_is_a_bad_uri()
    {
        var error = await Assert.ThrowsAsync<LibvirtException>(() => LibvirtHost.ConnectAsync("x", HostUri.Parse("qemu+carrier-pigeon://b/system")));
        Assert.Equal(Faults.UriInvalid, error.Fault);
    }

    /// <summary>What happens after it was given up is undone, so that what the caller was told is true.</summary>
    [LibvirtFact]
    public async Task An_order_that_comes_too_late_is_undone()
    {
        using var host = await TestHost.ConnectAsync("a");
        var (released, steps) = (new ManualResetEventSlim(), new ConcurrentQueue<string>());
        var order = new Order<int>(
            host,
            connection =>
            {
                released.Wait(TimeSpan.FromMinutes(1));
                steps.Enqueue("done");
                return 7;
            },
            (_, result) => steps.Enqueue($"undone {result}"));
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => order.GiveAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None));
        Assert.Equal(Faults.HostNotAnswering, error.Fault);
        Assert.Empty(steps);
        released.Set();
        for (var tries = 0; tries < 600 && steps.Count < 2; tries++)
            await Task.Delay(50);
        Assert.Equal(["done", "undone 7"], steps);
    }

    [LibvirtFact]
    public async Task An_order_in_time_is_not_undone()
    {
        using var host = await TestHost.ConnectAsync("a");
        var undone = false;
        Assert.Equal(7, await new Order<int>(host, _ => 7, (_, _) => undone = true).GiveAsync(TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.False(undone);
    }

    /// <summary>Forty hosts that each take three seconds, on a machine of few processors: no limit counts a wait for the others.</summary>
    [LibvirtFact]
    public async Task Many_slow_hosts_do_not_wait_for_each_other()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => TestHost.ConnectAsync($"h{number}")));
        var answers = await Task.WhenAll(hosts.Select(host => host.CallAsync(
            connection =>
            {
                Thread.Sleep(TimeSpan.FromSeconds(3));
                return connection.GetLibvirtVersion();
            },
            TimeSpan.FromSeconds(10),
            CancellationToken.None)));
        Assert.Equal(40, answers.Length);
        Array.ForEach(hosts, host => host.Dispose());
    }

    [LibvirtFact]
    public async Task An_error_belongs_to_the_call_that_made_it()
    {
        using var host = await TestHost.ConnectAsync();
        var calls = Enumerable.Range(0, 50).Select(async number =>
        {
            var name = $"nosuch{number}";
            var error = await Assert.ThrowsAsync<LibvirtException>(() => host.CallAsync(
                connection => connection.LookupByName(name), CancellationToken.None));
            Assert.Equal((LibvirtErrorCode.NoDomain, "virDomainLookupByName"), (error.Code, error.Function));
        });
        await Task.WhenAll(calls);
    }

    [LibvirtFact]
    public async Task A_host_that_is_disposed_answers_no_more()
    {
        var host = await TestHost.ConnectAsync();
        host.Dispose();
        host.Dispose();
        Assert.False(host.IsConnected);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => host.GetInfoAsync());
    }

    [LibvirtFact]
    public async Task An_answer_that_takes_too_long_is_not_waited_for()
    {
        var options = new HostOptions { CallTimeout = TimeSpan.FromMilliseconds(1) };
        using var host = await LibvirtHost.ConnectAsync("slow", HostUri.Parse("test:///default"), options);
        using var answer = new ManualResetEventSlim();
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => host.CallAsync(
            _ =>
            {
                answer.Wait();
                return true;
            },
            CancellationToken.None));
        answer.Set();
        Assert.Equal((Faults.HostNotAnswering, "slow"), (error.Fault, error.Host));
        Assert.Equal("slow: no answer from test:///default within 1 ms.", error.Message);
    }

    [LibvirtFact]
    public async Task Whoever_gives_up_waiting_does_not_wait()
    {
        using var host = await TestHost.ConnectAsync();
        using var answer = new ManualResetEventSlim();
        using var giveUp = new CancellationTokenSource();
        var call = host.CallAsync(
            _ =>
            {
                answer.Wait();
                return true;
            },
            giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        answer.Set();
    }

    [LibvirtFact]
    public async Task A_driver_in_this_process_has_no_connection_to_lose()
    {
        using var host = await TestHost.ConnectAsync();
        var connection = await host.ControlAsync(CancellationToken.None);
        Assert.True(connection.IsAlive);
        Assert.False(connection.Lost.IsCompleted);
        Assert.Same(connection, await host.ControlAsync(CancellationToken.None));
        Assert.Equal("test:///default", connection.GetUri());
        Assert.NotEmpty(DomainListing.Uuids(connection, DomainFilter.Active));
        Assert.True(NodeMemory.Read(connection).Count is 0 or > 2);
    }
}
