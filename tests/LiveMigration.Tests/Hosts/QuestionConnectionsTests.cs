using System.Collections.Concurrent;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Tests.Interop.Libvirt;

namespace LiveMigration.Tests.Hosts;

public sealed class QuestionConnectionsTests
{
    private int _hanging;

    [LibvirtFact]
    public async Task No_connection_carries_two_questions_at_once()
    {
        using var host = await TestHost.ConnectAsync();
        var asked = new ConcurrentDictionary<Connection, int>();
        var together = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => host.CallAsync(
            connection =>
            {
                if (asked.AddOrUpdate(connection, 1, (_, before) => before + 1) > 1)
                    Interlocked.Increment(ref together);
                connection.GetHypervisorVersion();
                Thread.Sleep(1);
                asked.AddOrUpdate(connection, 0, (_, before) => before - 1);
            },
            CancellationToken.None)));
        Assert.Equal(0, together);
        Assert.InRange(asked.Count, 1, QuestionConnections.AtOnce);
    }

    [LibvirtFact]
    public async Task Questions_that_follow_each_other_go_over_the_control_connection()
    {
        using var host = await TestHost.ConnectAsync();
        var control = await host.ControlAsync(CancellationToken.None);
        for (var asked = 0; asked < 5; asked++)
            Assert.Same(control, await host.CallAsync(connection => connection, CancellationToken.None));
    }

    [LibvirtFact]
    public async Task A_question_that_hangs_holds_up_no_other()
    {
        using var host = await TestHost.ConnectAsync();
        using var answer = new ManualResetEventSlim();
        var hanging = HangAsync(host, answer);
        await host.PingAsync();
        Assert.False(hanging.IsCompleted);
        answer.Set();
        await hanging;
    }

    [LibvirtFact]
    public async Task Where_all_hang_the_next_one_is_told_that_the_host_does_not_answer()
    {
        using var host = await TestHost.ConnectAsync("a");
        using var answer = new ManualResetEventSlim();
        var hanging = Enumerable.Range(0, QuestionConnections.AtOnce).Select(_ => HangAsync(host, answer)).ToList();
        while (Volatile.Read(ref _hanging) < QuestionConnections.AtOnce)
            await Task.Delay(10);
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => host.CallAsync(
            connection => connection.GetUri(), TimeSpan.FromMilliseconds(50), CancellationToken.None));
        Assert.Equal(Faults.HostNotAnswering, error.Fault);
        answer.Set();
        await Task.WhenAll(hanging);
        await host.PingAsync();
    }

    [LibvirtFact]
    public async Task Whoever_gives_up_leaves_the_connection_to_the_question_that_goes_on()
    {
        using var host = await TestHost.ConnectAsync();
        var control = await host.ControlAsync(CancellationToken.None);
        using var answer = new ManualResetEventSlim();
        using var giveUp = new CancellationTokenSource();
        var hanging = HangAsync(host, answer, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Assert.NotSame(control, await host.CallAsync(connection => connection, CancellationToken.None));
        answer.Set();
    }

    [LibvirtFact]
    public async Task A_host_that_is_disposed_closes_all()
    {
        var host = await TestHost.ConnectAsync();
        using var answer = new ManualResetEventSlim();
        var hanging = HangAsync(host, answer);
        var second = await host.CallAsync(connection => connection, CancellationToken.None);
        Assert.True(second.IsAlive);
        host.Dispose();
        Assert.False(second.IsAlive);
        answer.Set();
        var first = await hanging;
        while (first.IsAlive)
            await Task.Delay(10);
    }

    private Task<Connection> HangAsync(LibvirtHost host, ManualResetEventSlim answer, CancellationToken cancellationToken = default) => host.CallAsync(
        connection =>
        {
            Interlocked.Increment(ref _hanging);
            answer.Wait(CancellationToken.None);
            return connection;
        },
        cancellationToken);
}
