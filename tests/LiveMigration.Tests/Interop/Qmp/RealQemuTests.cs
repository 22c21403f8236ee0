using System.Text.Json;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>The client against a real QEMU, over UNIX and TCP sockets.</summary>
[Trait("Category", "Lab")]
public sealed class RealQemuTests
{
    private const string Both = "-qmp unix:{0},server=on,wait=off -qmp tcp:127.0.0.1:0,server=on,wait=off";

    [QemuTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hundred_commands_at_once_get_their_own_answers(bool tcp)
    {
        await using var qemu = RealQemu.Start(Both, "none");
        await using var monitor = await ConnectAsync(qemu, tcp);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Task.Run(() => monitor.PrintAsync(number))));
        Assert.Equal(Enumerable.Range(0, 100), answers);
    }

    [QemuFact]
    public async Task An_answer_of_many_kilobytes_arrives_whole()
    {
        await using var qemu = RealQemu.Start(machine: "none");
        await using var monitor = await qemu.ConnectAsync();
        var schema = await monitor.ExecuteAsync("query-qmp-schema");
        Assert.True(schema.GetRawText().Length > 100_000);
        Assert.Contains(schema.EnumerateArray(), entity => entity.GetProperty("name").GetString() == "migrate");
        Assert.Contains("migrate-set-parameters", await monitor.QueryCommandsAsync());
    }

    [QemuFact]
    public async Task An_answer_beyond_the_limit_is_refused()
    {
        await using var qemu = RealQemu.Start(machine: "none");
        await using (var monitor = await qemu.ConnectAsync(new QmpOptions { MaxMessageSize = new(50_000) }))
            await RealQemu.Fails(Faults.MonitorAnswerTooLarge, () => monitor.ExecuteAsync("query-qmp-schema"));
        await using var again = await qemu.ConnectAsync();
        await again.QueryVersionAsync();
    }

    [QemuTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Out_of_band_overtakes_while_QEMU_is_stuck_and_many_wait(bool tcp)
    {
        await using var qemu = RealQemu.Start(Both);
        await using var monitor = await ConnectAsync(qemu, tcp);
        Task<JsonElement> stuck;
        Task<int>[] waiting;
        using (qemu.StuckIn(out var arguments))
        {
            stuck = monitor.ExecuteAsync("pmemsave", arguments);
            waiting = [.. Enumerable.Range(0, 50).Select(number => monitor.PrintAsync(number))];
            var yank = await monitor.ExecuteOutOfBandAsync("query-yank");
            Assert.Contains(yank.EnumerateArray(), entry => entry.GetProperty("type").GetString() == "chardev");
            Assert.False(stuck.IsCompleted);
        }

        await stuck;
        Assert.Equal(Enumerable.Range(0, 50), await Task.WhenAll(waiting));
    }

    [QemuFact]
    public async Task A_command_that_is_given_up_does_not_disturb_the_next()
    {
        await using var qemu = RealQemu.Start();
        await using var monitor = await qemu.ConnectAsync();
        using (qemu.StuckIn(out var arguments))
        {
            using var patience = new CancellationTokenSource();
            var stuck = monitor.ExecuteAsync("pmemsave", arguments, patience.Token);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stuck);
        }

        Assert.Equal(42, await monitor.PrintAsync(42));
    }

    [QemuTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_QEMU_is_killed_all_that_waits_fails(bool tcp)
    {
        await using var qemu = RealQemu.Start(Both);
        await using var monitor = await ConnectAsync(qemu, tcp);
        using var events = monitor.Listen();
        // The pipe is left alone: opening it would wait for a writer that is dead.
        qemu.StuckIn(out var arguments);
        List<Task> waiting = [monitor.ExecuteAsync("pmemsave", arguments)];
        waiting.AddRange(Enumerable.Range(0, 100).Select(_ => monitor.ExecuteAsync("query-status")));
        await monitor.ExecuteOutOfBandAsync("query-yank");
        qemu.Kill();
        foreach (var call in waiting)
            await RealQemu.Fails(Faults.MonitorLost, () => call);
        await RealQemu.Fails(Faults.MonitorLost, () => events.GetAsyncEnumerator().MoveNextAsync().AsTask());
        Assert.False(monitor.IsConnected);
    }

    [QemuFact]
    public async Task Events_that_nobody_reads_in_time_are_counted()
    {
        await using var qemu = RealQemu.Start();
        await using var monitor = await qemu.ConnectAsync(new QmpOptions { EventBuffer = 4 });
        using var slow = monitor.Listen();
        for (var times = 0; times < 20; times++)
        {
            await monitor.ExecuteAsync("stop");
            await monitor.ExecuteAsync("cont");
        }

        Assert.Equal(36, slow.Lost);
        await using var heard = slow.GetAsyncEnumerator();
        Assert.True(await heard.MoveNextAsync());
        Assert.Equal(("STOP", 36), (heard.Current.Name, heard.Current.LostBefore));
    }

    [QemuFact]
    public async Task A_second_client_is_told_that_the_monitor_is_taken()
    {
        await using var qemu = RealQemu.Start(machine: "none");
        await using (var first = await qemu.ConnectAsync())
        {
            var options = new QmpOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) };
            await RealQemu.Fails(Faults.MonitorSilent, () => QmpClient.ConnectAsync(qemu.Monitor, options));
            Assert.Equal(1, await first.PrintAsync(1));
        }

        // QEMU greets the one first that waited and is gone.
        await using var next = await qemu.ConnectAsync(new QmpOptions { ConnectTimeout = TimeSpan.FromMinutes(1) });
        Assert.Equal(2, await next.PrintAsync(2));
    }

    [QemuFact]
    public async Task The_monitor_for_people_is_told_apart()
    {
        await using var qemu = RealQemu.Start("-monitor unix:{0},server=on,wait=off", "none");
        var error = await RealQemu.Fails(Faults.MonitorProtocolBroken, () => qemu.ConnectAsync());
        Assert.Contains("monitor - type 'help'", error.Message, StringComparison.Ordinal);
    }

    [QemuFact]
    public async Task Two_monitors_of_one_QEMU_hear_the_same_events()
    {
        await using var qemu = RealQemu.Start(Both);
        await using var first = await qemu.ConnectAsync();
        await using var second = await ConnectOverTcpAsync(first);
        using var events = second.Listen();
        await first.ExecuteAsync("stop");
        await using var heard = events.GetAsyncEnumerator();
        Assert.True(await heard.MoveNextAsync());
        Assert.Equal("STOP", heard.Current.Name);
    }

    private static async Task<QmpClient> ConnectAsync(RealQemu qemu, bool tcp)
    {
        var first = await qemu.ConnectAsync();
        if (!tcp)
            return first;
        await using (first)
            return await ConnectOverTcpAsync(first);
    }

    /// <summary>QEMU chose the port and tells it: <c>disconnected:tcp:127.0.0.1:43321,server=on</c>.</summary>
    private static async Task<QmpClient> ConnectOverTcpAsync(QmpClient monitor)
    {
        var devices = await monitor.ExecuteAsync("query-chardev");
        var name = devices.EnumerateArray().Select(device => device.GetProperty("filename").GetString()!)
            .First(name => name.StartsWith("disconnected:tcp:", StringComparison.Ordinal));
        var client = await QmpClient.ConnectAsync(QmpAddress.Parse(name["disconnected:".Length..]));
        Assert.StartsWith("tcp:127.0.0.1:", client.Name, StringComparison.Ordinal);
        return client;
    }
}
