using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>The client against a QEMU that the test plays.</summary>
public sealed class QmpClientTests
{
    [Fact]
    public async Task A_command_that_is_given_up_is_answered_in_vain()
    {
        var (qemu, monitor) = await StartAsync();
        using var patience = new CancellationTokenSource();
        var slow = monitor.ExecuteAsync("slow", null, patience.Token);
        var heard = await qemu.HearAsync();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        qemu.Answer(heard, "1");
        var next = monitor.ExecuteAsync("next");
        qemu.Answer(await qemu.HearAsync(), "2");
        Assert.Equal(2, (await next).GetInt32());
        Assert.True(monitor.IsConnected);
    }

    [Fact]
    public async Task What_was_given_up_before_its_turn_is_never_sent()
    {
        var (qemu, monitor) = await StartAsync();
        var first = Enumerable.Range(0, 7).Select(_ => monitor.ExecuteAsync("first")).ToList();
        using var patience = new CancellationTokenSource();
        var late = monitor.ExecuteAsync("late", null, patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => monitor.ExecuteAsync("never", null, new CancellationToken(true)));
        foreach (var _ in first)
            qemu.Answer(await qemu.HearAsync());
        await Task.WhenAll(first);
        var next = monitor.ExecuteAsync("next");
        var heard = await qemu.HearAsync();
        Assert.Equal("next", heard.GetProperty("execute").GetString());
        qemu.Answer(heard);
        await next;
    }

    [Fact]
    public async Task There_is_always_room_for_a_command_out_of_band()
    {
        var (qemu, monitor) = await StartAsync(negotiated: false);
        var waiting = Enumerable.Range(0, 30).Select(_ => monitor.ExecuteAsync("slow")).ToList();
        var urgent = monitor.ExecuteOutOfBandAsync("urgent", new JsonObject { ["a"] = 1 });
        var heard = new List<JsonElement>();
        while (heard.Count < 8)
            heard.Add(await qemu.HearAsync());
        Assert.Equal(0, qemu.Waiting);
        Assert.Equal("urgent", heard[7].GetProperty("exec-oob").GetString());
        qemu.Answer(heard[7], "true");
        Assert.True((await urgent).GetBoolean());
        foreach (var slow in heard[..7])
            qemu.Answer(slow);
        for (var left = 30 - 7; left > 0; left--)
            qemu.Answer(await qemu.HearAsync());
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task Arguments_are_those_at_the_time_of_asking()
    {
        var (qemu, monitor) = await StartAsync();
        var arguments = new JsonObject { ["n"] = 0 };
        var asked = new List<Task<JsonElement>>();
        for (var number = 0; number < 10; number++)
        {
            arguments["n"] = number;
            asked.Add(monitor.ExecuteAsync("count", arguments));
        }

        // Those that wait for a place behind seven others may change places.
        var numbers = new List<int>();
        for (var number = 0; number < 10; number++)
        {
            var heard = await qemu.HearAsync();
            numbers.Add(heard.GetProperty("arguments").GetProperty("n").GetInt32());
            qemu.Answer(heard);
        }

        Assert.Equal(Enumerable.Range(0, 10), numbers.Order());
        await Task.WhenAll(asked);
    }

    [Fact]
    public async Task When_QEMU_closes_all_that_waits_fails_with_its_own_name()
    {
        var (qemu, monitor) = await StartAsync();
        using var events = monitor.Listen();
        var waiting = Enumerable.Range(0, 20).Select(number => monitor.ExecuteAsync($"c{number}")).ToList();
        qemu.HangUp();
        var errors = new List<LiveMigrationException>();
        foreach (var call in waiting)
            errors.Add(await RealQemu.Fails(Faults.MonitorLost, () => call));
        Assert.Equal("scripted: c3: no answer: QEMU closed the connection.", errors[3].Message);
        Assert.Equal(20, errors.Distinct().Count());
        await RealQemu.Fails(Faults.MonitorLost, () => monitor.ExecuteAsync("after"));
        await RealQemu.Fails(Faults.MonitorLost, () => events.GetAsyncEnumerator().MoveNextAsync().AsTask());
        await RealQemu.Fails(Faults.MonitorLost, () => monitor.Listen().GetAsyncEnumerator().MoveNextAsync().AsTask());
        Assert.False(monitor.IsConnected);
    }

    [Fact]
    public async Task A_line_that_breaks_says_how()
    {
        var (qemu, monitor) = await StartAsync();
        var call = monitor.ExecuteAsync("migrate");
        qemu.HangUp(new IOException("cable pulled"));
        Assert.Equal(
            "scripted: migrate: no answer: the connection broke (cable pulled).",
            (await RealQemu.Fails(Faults.MonitorLost, () => call)).Message);
    }

    [Fact]
    public async Task A_command_that_cannot_be_sent_fails_alone()
    {
        var (qemu, monitor) = await StartAsync();
        qemu.Refusal = new LiveMigrationException(Faults.DomainLocked, "busy");
        for (var tries = 0; tries < 20; tries++)
            await RealQemu.Fails(Faults.DomainLocked, () => monitor.ExecuteAsync("migrate"));
        qemu.Refusal = null;
        var next = monitor.ExecuteAsync("next");
        qemu.Answer(await qemu.HearAsync());
        await next;
    }

    [Fact]
    public async Task Events_that_found_no_room_are_counted_where_they_are_missing()
    {
        var (qemu, monitor) = await StartAsync(new QmpOptions { EventBuffer = 3 });
        using var slow = monitor.Listen();
        await TellAsync(1, 10);
        Assert.Equal(7, slow.Lost);
        await using var heard = slow.GetAsyncEnumerator();
        Assert.Equal(("E8", 7), await NextAsync());
        Assert.Equal(("E9", 0), await NextAsync());
        await TellAsync(11, 13);
        Assert.Equal(("E11", 1), await NextAsync());
        Assert.Equal(("E12", 0), await NextAsync());
        Assert.Equal(("E13", 0), await NextAsync());
        Assert.Equal(8, slow.Lost);

        async Task TellAsync(int from, int to)
        {
            for (var number = from; number <= to; number++)
                qemu.Say($$"""{"event": "E{{number}}"}""");
            var answered = monitor.ExecuteAsync("done");
            qemu.Answer(await qemu.HearAsync());
            await answered;
        }

        async Task<(string, long)> NextAsync()
        {
            Assert.True(await heard.MoveNextAsync());
            return (heard.Current.Name, heard.Current.LostBefore);
        }
    }

    [Fact]
    public async Task Each_listener_hears_what_comes_after_it_began_and_before_it_stopped()
    {
        var (qemu, monitor) = await StartAsync();
        var first = monitor.Listen();
        qemu.Say("""{"event": "A"}""");
        var answered = monitor.ExecuteAsync("between");
        qemu.Answer(await qemu.HearAsync());
        await answered;
        var second = monitor.Listen();
        qemu.Say("""{"event": "B", "data": {"x": 1}, "timestamp": {"seconds": 1, "microseconds": 500000}}""");
        await using var heard = second.GetAsyncEnumerator();
        Assert.True(await heard.MoveNextAsync());
        Assert.Equal(("B", DateTimeOffset.UnixEpoch.AddSeconds(1.5)), (heard.Current.Name, heard.Current.Time));
        Assert.Equal(1, heard.Current.Data.GetProperty("x").GetInt32());
        first.Dispose();
        await monitor.DisposeAsync();
        Assert.Equal(["A", "B"], await first.Select(told => told.Name).ToListAsync());
        Assert.False(await heard.MoveNextAsync());
    }

    [Fact]
    public async Task Disposing_fails_what_waits_and_ends_what_listens()
    {
        var (_, monitor) = await StartAsync();
        using var events = monitor.Listen();
        var call = monitor.ExecuteAsync("slow");
        await monitor.DisposeAsync();
        await monitor.DisposeAsync();
        await RealQemu.Fails(Faults.MonitorClosed, () => call);
        await RealQemu.Fails(Faults.MonitorClosed, () => monitor.ExecuteAsync("after"));
        Assert.Empty(await events.ToListAsync());
    }

    [Fact]
    public async Task A_typed_answer_of_another_type_is_told()
    {
        var (qemu, monitor) = await StartAsync();
        foreach (var wrong in (string[])["[]", "null", "5", """{"running": "perhaps"}"""])
        {
            var status = monitor.QueryStatusAsync();
            qemu.Answer(await qemu.HearAsync(), wrong);
            var error = await RealQemu.Fails(Faults.MonitorProtocolBroken, () => status);
            Assert.Contains("query-status", error.Message, StringComparison.Ordinal);
        }

        Assert.True(monitor.IsConnected);
    }

    [Fact]
    public async Task A_socket_that_says_nothing_is_not_waited_for_for_ever()
    {
        var folder = Directory.CreateTempSubdirectory("lm-qmp");
        try
        {
            var endPoint = new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "silent"));
            using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            silent.Bind(endPoint);
            silent.Listen();
            var options = new QmpOptions { ConnectTimeout = TimeSpan.FromMilliseconds(100) };
            await RealQemu.Fails(Faults.MonitorSilent, () => QmpClient.ConnectAsync(endPoint, options));
            using var patience = new CancellationTokenSource(50);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => QmpClient.ConnectAsync(endPoint, null, patience.Token));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Where_nobody_listens_the_address_and_the_reason_are_named()
    {
        var missing = await RealQemu.Fails(Faults.MonitorUnreachable, () => QmpClient.ConnectAsync(QmpAddress.Parse("/nosuch/qmp")));
        Assert.Equal("unix:/nosuch/qmp: the socket does not exist.", missing.Message);
        var refused = await RealQemu.Fails(Faults.MonitorUnreachable, () => QmpClient.ConnectAsync(QmpAddress.Parse("tcp:127.0.0.1:9")));
        Assert.Equal("tcp:127.0.0.1:9: nothing listens there.", refused.Message);
        await RealQemu.Fails(Faults.HostNotFound, () => QmpClient.ConnectAsync(QmpAddress.Parse("tcp:nosuch.invalid:4444")));
    }

    private static async Task<(ScriptedTransport Qemu, QmpClient Monitor)> StartAsync(QmpOptions? options = null, bool negotiated = true)
    {
        var qemu = new ScriptedTransport { IsNegotiated = negotiated };
        var starting = QmpClient.StartAsync(qemu, options ?? QmpOptions.Default, default);
        if (!negotiated)
        {
            qemu.Say(Recording.Read("status").Lines[0][2..]);
            qemu.Answer(await qemu.HearAsync());
        }

        return (qemu, await starting);
    }
}
